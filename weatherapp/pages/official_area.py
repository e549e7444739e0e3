"""The area of an official warning on a map of ours. Pure but for the rows that it is given."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from weatherapp.gazetteer.tiles import Tile, find_tiles
from weatherapp.models import OfficialEvent, Place
from weatherapp.pages.map_view import WIDEST, View, fit_view
from weatherapp.pages.world_map import FINE_BELOW

MOST_CORNERS = 1500  # of all rings: nobody sees more, and each is a dozen bytes
LEAST_CORNERS = 4  # of a ring, or there is nothing left of it
CIRCLE_CORNERS = 32
KM_A_DEGREE = 111.2
NEAREST_POLE = 89.9  # where a degree of longitude still has a length

Corner = tuple[float, float]  # degrees north, east


@dataclass(frozen=True, slots=True)
class AreaMap:
    """`path` and `holes` are SVG paths in degrees east and south; `dots` are percents of the picture."""

    view: View
    path: str
    holes: str
    dots: tuple[tuple[str, str], ...]

    @property
    def is_fine(self) -> bool:
        return self.view.width < FINE_BELOW

    @property
    def tiles(self) -> list[Tile]:
        view = self.view
        return find_tiles(west=view.west, east=view.east, south=view.south, north=view.north)

    @property
    def turns(self) -> tuple[int, ...]:
        """Where the whole outline is drawn again: a view may go over the date line."""
        return (0, 360) if self.view.east > 180 else (0,)


def draw_area(events: Iterable[OfficialEvent], places: Iterable[Place]) -> AreaMap | None:
    """Of all shapes together; None where the issuers give codes or words alone."""
    shapes = [shape for event in events for shape in _list_shapes(event)]
    rings = [ring for shape in shapes for ring in _list_rings(shape)]
    holes = [_read_ring(ring) for shape in shapes for ring in shape.get("excluded", ())]
    if not rings:
        return None
    latitudes = [north for ring in rings for north, _ in ring]
    view = fit_view(
        south=min(latitudes),
        north=max(latitudes),
        longitudes=[east for ring in rings for _, east in ring],
    )
    step = math.ceil(sum(map(len, [*rings, *holes])) / MOST_CORNERS)
    return AreaMap(
        view=view,
        path=_write(rings, view, step),
        holes=_write(holes, view, step),
        dots=tuple(_find_dots(places, view)),
    )


def _list_shapes(event: OfficialEvent) -> Sequence[dict[str, Any]]:
    area = event.area
    return area.get("areas", ()) if isinstance(area, dict) else ()


def _list_rings(shape: dict[str, Any]) -> Iterator[list[Corner]]:
    yield from (_read_ring(ring) for ring in shape.get("polygons", ()) if ring)
    yield from (_make_ring(*circle) for circle in shape.get("circles", ()))


def _read_ring(ring: Iterable[Sequence[float]]) -> list[Corner]:
    return [(float(north), float(east)) for north, east in ring]


def _make_ring(latitude: float, longitude: float, radius_km: float) -> list[Corner]:
    """A circle, as far as a flat map shows one."""
    high = max(radius_km, 1.0) / KM_A_DEGREE
    wide = high / math.cos(math.radians(min(abs(latitude), NEAREST_POLE)))
    turns = [2 * math.pi * number / CIRCLE_CORNERS for number in range(CIRCLE_CORNERS)]
    return [
        (
            min(max(latitude + high * math.sin(turn), -90.0), 90.0),
            longitude + min(wide, 179.0) * math.cos(turn),
        )
        for turn in turns
    ]


def _write(rings: Iterable[Sequence[Corner]], view: View, step: int) -> str:
    """Every so many corners, and the whole ring where few would be left."""
    parts = []
    for ring in rings:
        thin = ring[::step] if len(ring) >= step * LEAST_CORNERS else ring
        corners = (f"{_turn(east, view):.3f} {-north:.3f}" for north, east in thin)
        parts.append(f"M{'L'.join(corners)}Z")
    return "".join(parts)


def _turn(east: float, view: View) -> float:
    """A longitude as the view counts it: past 180 where the view goes over the date line."""
    middle = view.west + view.width / 2
    return middle + (east - middle + WIDEST / 2) % WIDEST - WIDEST / 2


def _find_dots(places: Iterable[Place], view: View) -> Iterator[tuple[str, str]]:
    for place in places:
        x, y = view.find_x(place.longitude), view.find_y(place.latitude)
        if 0 <= x <= 1 and 0 <= y <= 1:
            yield f"{100 * x:.2f}%", f"{100 * y:.2f}%"
