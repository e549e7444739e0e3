"""What is stored about people, and for how long: with the values that this site really uses."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from weatherapp.delivery.tokens import CONFIRM, LEAVE
from weatherapp.display.tile_source import find_tile_source


@require_safe
@cache_control(no_cache=True)
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "confirm_days": CONFIRM.life.days,
        "leave_days": LEAVE.life.days,
        "unconfirmed_days": settings.KEEP_UNCONFIRMED.days,
        "unsubscribed_days": settings.KEEP_UNSUBSCRIBED.days,
        "tiles": find_tile_source(),
        "delivery_days": settings.KEEP_DELIVERIES.days,
    }
    return render(request, "privacy/page.html", context)
