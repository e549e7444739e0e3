"""What this site is and is not, whose data it shows, and how far everybody can use it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from weatherapp.display.tile_source import find_tile_source


@require_safe
@cache_control(no_cache=True)
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about/page.html", {"tiles": find_tile_source()})
