"""How to read the site: probabilities, severities, no data, times; and the words it uses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from weatherapp.domain.quantities import WET_HOUR_MM

EXAMPLE = 0.7
DOTS = 10


@require_safe
@cache_control(no_cache=True)
def help_page(request: HttpRequest) -> HttpResponse:
    context = {
        "example": EXAMPLE,
        "dots": [(20 * number + 10, number < EXAMPLE * DOTS) for number in range(DOTS)],
        "wet_mm": WET_HOUR_MM,
    }
    return render(request, "help/page.html", context)
