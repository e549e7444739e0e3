"""The page of the map, and the map on other pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from weatherapp.display.tile_source import find_tile_source
from weatherapp.pages.conditional import conditional
from weatherapp.pages.map_marks import list_in_view, read_map
from weatherapp.pages.map_view import read_view
from weatherapp.pages.movable_map import allows_tiles
from weatherapp.pages.place_standing import Standing, read_standings
from weatherapp.pages.replay import read_clocks
from weatherapp.pages.versions import read_home_version
from weatherapp.pages.views import PageRequest


@allows_tiles
@require_safe
@conditional(read_home_version)
def world_map(request: PageRequest) -> HttpResponse:
    clocks = read_clocks(timezone.now())
    view = read_view(request.GET.get("at", ""), request.GET.get("zoom", ""))
    found = read_map(clocks, view=view)
    context: dict[str, object] = {"map": found, "version": request.poll_version, "now": clocks.now}
    if found is not None:
        places = list_in_view(clocks, found.view, page=request.GET.get("page"))
        context |= {
            "places": places,
            "standings": read_standings(list(places.object_list), clocks),
            "tiles": find_tile_source(),
            "all_standings": tuple(Standing),
        }
    return render(request, _pick_template(request, context), context)


def _pick_template(request: PageRequest, context: dict[str, object]) -> str:
    if request.htmx and context["map"]:
        return "map/live.html"
    return "map/movable_page.html" if context.get("tiles") else "map/page.html"


@require_safe
@conditional(read_home_version)
def small_map(request: PageRequest) -> HttpResponse:
    """For other pages, which ask for it when it comes into sight."""
    return render(request, "map/fragment.html", {"map": read_map(read_clocks(timezone.now()))})
