"""An area's shapes and codes, of which the unreadable ones are said and not lost in silence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from weatherapp.official.documents.country_boxes import Box
from weatherapp.official.documents.message import Area, Circle, Pairs, Ring
from weatherapp.official.documents.node import Node, read_pairs
from weatherapp.official.documents.rings import (
    RingError,
    make_rings,
    read_points,
    right_way_round,
)

HOLE = "EXCLUDE_POLYGON"  # DWD: a hole, as a geocode


class AreaReader:
    """For one message: its languages repeat the same shapes, which are kept once."""

    def __init__(self, box: Box | None) -> None:
        self._box = box
        self._rings: dict[str, tuple[Ring, ...]] = {}
        self._areas: dict[Area, Area] = {}

    def read(self, node: Node) -> Area:
        """Of CAP's area element."""
        problems: list[str] = []
        geocodes = read_pairs(node.nodes("geocode"))
        holes = [value for name, value in geocodes if name == HOLE]
        area = Area(
            description=node.text("areaDesc"),
            polygons=self._read_rings(node.texts("polygon"), problems),
            excluded=self._read_rings(holes, problems),
            circles=self._read_circles(node.texts("circle"), problems),
            geocodes=tuple(pair for pair in geocodes if pair[0] != HOLE),
            altitude_ft=_read_number(node.text("altitude")),
            ceiling_ft=_read_number(node.text("ceiling")),
            problems=tuple(problems),
        )
        return self._areas.setdefault(area, area)

    def _read_rings(self, texts: Iterable[str], problems: list[str]) -> tuple[Ring, ...]:
        rings: list[Ring] = []
        for text in filter(None, texts):
            if text not in self._rings:
                try:
                    self._rings[text] = make_rings(read_points(text), self._box)
                except RingError as error:
                    problems.append(f"polygon: {error}")
                    continue
            rings.extend(self._rings[text])
        return tuple(rings)

    def _read_circles(self, texts: Iterable[str], problems: list[str]) -> tuple[Circle, ...]:
        circles = []
        for text in filter(None, texts):
            circle = _read_circle(text, self._box)
            if circle is None:
                problems.append("circle: not a position and a radius")
            else:
                circles.append(circle)
        return tuple(circles)


def read_geojson(geometry: Mapping[str, Any], problems: list[str]) -> tuple[list[Ring], list[Ring]]:
    """The rings and the holes of a geometry of GeoJSON (longitude first)."""
    rings: list[Ring] = []
    holes: list[Ring] = []
    for polygon in _list_polygons(geometry, depth=0):
        for index, line in enumerate(polygon):
            try:
                made = make_rings([_read_position(position) for position in line], None)
            except (RingError, TypeError) as error:
                problems.append(f"polygon: {error}")
                continue
            (holes if index else rings).extend(made)
    return rings, holes


def _list_polygons(geometry: Mapping[str, Any], depth: int) -> Iterable[Sequence[Any]]:
    kind, within = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon" and isinstance(within, list):
        yield within
    elif kind == "MultiPolygon" and isinstance(within, list):
        yield from (polygon for polygon in within if isinstance(polygon, list))
    elif kind == "GeometryCollection" and depth < 3:
        for part in geometry.get("geometries") or ():
            if isinstance(part, dict):
                yield from _list_polygons(part, depth + 1)


def _read_position(position: Any) -> tuple[float, float]:
    if not isinstance(position, list) or len(position) < 2:
        raise RingError("a corner is not two numbers")
    longitude, latitude = position[:2]
    if not all(isinstance(number, int | float) for number in (longitude, latitude)):
        raise RingError("a corner is not two numbers")
    return float(latitude), float(longitude)


def _read_circle(text: str, box: Box | None) -> Circle | None:
    """CAP: "lat,lon radius"."""
    words = text.replace(",", " ").split()
    numbers = [_read_number(word) for word in words]
    if len(numbers) != 3:
        return None
    first, second, radius_km = numbers
    if first is None or second is None or radius_km is None or radius_km < 0:
        return None
    ((latitude, longitude),) = right_way_round([(first, second)], box)
    return Circle(latitude, longitude, radius_km) if _is_position(latitude, longitude) else None


def _is_position(latitude: float, longitude: float) -> bool:
    return abs(latitude) <= 90 and abs(longitude) <= 180


def _read_number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def split_codes(pairs: Pairs) -> Pairs:
    """Feeds put many codes into one value, divided by spaces or commas."""
    return tuple((name, code) for name, value in pairs for code in value.replace(",", " ").split())
