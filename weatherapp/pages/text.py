"""Plain text for mesh radio, SMS and terminals: a place in at most 200 bytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from weatherapp.models import Place
from weatherapp.pages.conditional import conditional
from weatherapp.pages.place import read_place
from weatherapp.pages.text_lines import write_place
from weatherapp.pages.versions import read_place_version
from weatherapp.pages.views import PageRequest, read_number

PLAIN_TEXT = "text/plain; charset=utf-8"
LISTED = 200
YES = ("1", "true", "yes")

View = Callable[..., HttpResponse]


def _said_plainly(view: View) -> View:
    """Who reads by radio gets no page of HTML for a place that is not there."""

    @wraps(view)
    def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
        try:
            response = view(request, **arguments)
        except Http404:
            text = render_to_string("text/missing.txt")
            response = HttpResponse(text, status=404, content_type=PLAIN_TEXT)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return answer


@_said_plainly
@require_safe
@conditional(read_place_version)
def text_place(request: PageRequest, pk: int) -> HttpResponse:
    """`?ascii=1`: without accents and signs that old devices lack; `?lang=` and `?units=` as ever."""
    page = read_place(pk, now=timezone.now(), version=request.version)
    text = write_place(page, is_ascii=request.GET.get("ascii", "").lower() in YES)
    return HttpResponse(text, content_type=PLAIN_TEXT)


@_said_plainly
@require_safe
@cache_control(no_cache=True)
def text_index(request: HttpRequest) -> HttpResponse:
    """How it is used, and the places by number; `?after=` a number, those behind it."""
    after = read_number(request, "after") or 0
    rows = Place.objects.active().filter(pk__gt=after).order_by("pk").values_list("pk", "name")
    places = list(rows[: LISTED + 1])
    context = {
        "site_url": settings.SITE_URL,
        "places": places[:LISTED],
        "next_after": places[LISTED - 1][0] if len(places) > LISTED else None,
    }
    return render(request, "text/index.txt", context, content_type=PLAIN_TEXT)
