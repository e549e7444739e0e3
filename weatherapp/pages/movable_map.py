"""The map that is moved by hand: exists only where the operator has named a source of tiles."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from weatherapp.display.tile_source import find_tile_source
from weatherapp.pages.conditional import conditional
from weatherapp.pages.map_marks import list_in_view
from weatherapp.pages.map_view import make_view, read_view
from weatherapp.pages.place_standing import StandingPlace, read_standings
from weatherapp.pages.replay import read_clocks
from weatherapp.pages.versions import Version, read_home_version
from weatherapp.pages.views import PageRequest

MOST_PLACES = 200  # in one answer: 20 kB, and no browser is slow with so many
WORLD = make_view(0, 0, 0)

View = Callable[..., HttpResponse]


def allows_tiles(view: View) -> View:
    """Pictures from the operator's host, on this page alone. Outermost: a 304 says it, too."""

    @wraps(view)
    def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
        source = find_tile_source()
        if source is None:
            return view(request, **arguments)
        with_tiles = csp_update({"img-src": [source.origin]})(view)
        return cast(HttpResponse, with_tiles(request, **arguments))

    return answer


def _read_version() -> Version:
    """Raises Http404 where no such map exists."""
    if find_tile_source() is None:
        raise Http404
    return read_home_version()


@require_safe
@conditional(_read_version)
def map_places(request: PageRequest) -> HttpResponse:
    """JSON: the places in a view of /map (`at`, `zoom`), those with the worst alerts first; what is
    no view is the whole world. `total` counts those that are left out, too."""
    clocks = read_clocks(timezone.now())
    view = read_view(request.GET.get("at", ""), request.GET.get("zoom", "")) or WORLD
    found = list_in_view(clocks, view, page=None, page_size=MOST_PLACES)
    standings = read_standings(list(found.object_list), clocks)
    return JsonResponse(
        {"total": found.paginator.count, "places": [_describe(place) for place in standings]}
    )


def _describe(standing: StandingPlace) -> dict[str, object]:
    """The words for a standing are in the page."""
    place = standing.place
    return {
        "name": place.name,
        "url": place.get_absolute_url(),
        "standing": standing.standing,
        "at": [round(place.latitude, 4), round(place.longitude, 4)],
    }
