"""Places that a reader has saved: their ids in a cookie, without an account, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from weatherapp.models import Place
from weatherapp.pages.home_alerts import read_home_alerts
from weatherapp.pages.home_lines import LineForm, ShownLine, find_lines, write_lines
from weatherapp.pages.place_list import PLACES_A_PAGE
from weatherapp.pages.reader import remember
from weatherapp.pages.replay import Clocks, read_clocks
from weatherapp.pages.same_origin import from_our_page

COOKIE = "places"
MOST_SAVED = 50
FORM = LineForm(shows_zone=True, is_only=False)  # they may be anywhere
LONGEST_ID = 18  # digits that any database holds
SEE_OTHER = 303


def read_saved_ids(request: HttpRequest) -> tuple[int, ...]:
    """In the order in which they were saved; what is no id is left out."""
    words = request.COOKIES.get(COOKIE, "")[: MOST_SAVED * (LONGEST_ID + 1)].split(".")
    ids = (int(word) for word in words if _is_id(word))
    return tuple(dict.fromkeys(ids))[:MOST_SAVED]


def read_saved_places(request: HttpRequest) -> list[Place]:
    """Those that are still watched, in that order; no query where nothing is saved."""
    ids = read_saved_ids(request)
    rows = Place.objects.active().in_bulk(ids) if ids else {}
    return [rows[pk] for pk in ids if pk in rows]


def show_saved(request: HttpRequest, clocks: Clocks) -> tuple[tuple[Place, ShownLine], ...]:
    """As the home page lists them."""
    places = read_saved_places(request)
    shown: list[ShownLine] = []
    for start in range(0, len(places), PLACES_A_PAGE):
        kept = find_lines(
            [place.pk for place in places[start : start + PLACES_A_PAGE]], FORM, now=clocks.now
        )
        alerts = read_home_alerts(kept.missing, clocks, with_worst=False)
        shown += write_lines(kept, clocks, alerts.at)
    return tuple(zip(places, shown, strict=True))


@require_safe
@cache_control(private=True, no_cache=True)
def saved(request: HttpRequest) -> HttpResponse:
    context = {"saved": show_saved(request, read_clocks(timezone.now())), "most": MOST_SAVED}
    return render(request, "saved/page.html", context)


@from_our_page
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Saving once more changes nothing; of too many the oldest is dropped."""
    place = get_object_or_404(Place.objects.active(), pk=pk)
    ids = read_saved_ids(request)
    kept = ids if place.pk in ids else (*ids, place.pk)[-MOST_SAVED:]
    return _lead_back(request, kept, reverse("saved"))


@from_our_page
@require_POST
def unsave(request: HttpRequest, pk: int) -> HttpResponse:
    """Also of a place that is no more."""
    kept = [one for one in read_saved_ids(request) if one != pk]
    return _lead_back(request, kept, reverse("saved"))


def _lead_back(request: HttpRequest, ids: Sequence[int], back: str) -> HttpResponse:
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    response = HttpResponseRedirect(wanted if is_ours else back, status=SEE_OTHER)
    if ids:
        remember(response, COOKIE, ".".join(map(str, ids)))
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _is_id(word: str) -> bool:
    return word.isascii() and word.isdigit() and 0 < len(word) <= LONGEST_ID
