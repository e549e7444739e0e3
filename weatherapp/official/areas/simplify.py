"""Outlines with fewer corners, on the grid of the table. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from weatherapp.official.areas.geometry import LEAST_CORNERS, Position
from weatherapp.official.areas.packing import STEPS_A_DEGREE, Corner, GridPolygon, GridRing


def simplify_polygons(
    polygons: Sequence[Sequence[Sequence[Position]]], tolerance: float
) -> list[GridPolygon]:
    """`tolerance` in degrees of latitude. What is smaller than that vanishes, unless all would."""
    kept = [polygon for rings in polygons if (polygon := _simplify_polygon(rings, tolerance))]
    if kept or not tolerance:
        return kept
    return simplify_polygons(polygons, 0)


def _simplify_polygon(rings: Sequence[Sequence[Position]], tolerance: float) -> GridPolygon:
    outline = simplify_ring(rings[0], tolerance)
    if not outline:
        return []
    return [outline, *filter(None, (simplify_ring(ring, tolerance) for ring in rings[1:]))]


def simplify_ring(ring: Sequence[Position], tolerance: float) -> GridRing:
    """Empty where less than three corners of the grid are left."""
    closed = [*ring, ring[0]] if ring[0] != ring[-1] else list(ring)
    steps = _put_on_grid(simplify_line(closed, tolerance) if tolerance else closed)
    return steps if len(set(steps)) >= LEAST_CORNERS else []


def simplify_line(line: Sequence[Position], tolerance: float) -> list[Position]:
    """Douglas and Peucker: no corner that is left out is further than `tolerance` from what is kept.

    A degree of longitude counts as much as it is long in that latitude.
    """
    shrink = math.cos(math.radians(line[0][0]))
    plane = [(longitude * shrink, latitude) for latitude, longitude in line]
    kept, waiting = {0, len(line) - 1}, [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        furthest, distance = _find_furthest(plane, first, last)
        if distance > tolerance * tolerance:
            kept.add(furthest)
            waiting += [(first, furthest), (furthest, last)]
    return [line[index] for index in sorted(kept)]


def _find_furthest(
    plane: Sequence[tuple[float, float]], first: int, last: int
) -> tuple[int, float]:
    """Which of those between is furthest from the segment, and the square of how far. In the
    innermost loop of the build, hence written out."""
    (x, y), (end_x, end_y) = plane[first], plane[last]
    across, up = end_x - x, end_y - y
    length = across * across + up * up
    furthest, most = first, 0.0
    for index in range(first + 1, last):
        dx, dy = plane[index][0] - x, plane[index][1] - y
        if length:
            share = min(max((dx * across + dy * up) / length, 0.0), 1.0)
            dx -= share * across
            dy -= share * up
        square = dx * dx + dy * dy
        if square > most:
            furthest, most = index, square
    return furthest, most


def _put_on_grid(positions: Sequence[Position]) -> GridRing:
    steps = list(_round(positions))
    ring = [step for index, step in enumerate(steps) if not index or step != steps[index - 1]]
    while len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    return ring


def _round(positions: Sequence[Position]) -> Iterator[Corner]:
    for latitude, longitude in positions:
        yield round(latitude * STEPS_A_DEGREE), round(longitude * STEPS_A_DEGREE)
