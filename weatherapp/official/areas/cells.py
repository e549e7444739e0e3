"""Which cells of one degree an area is in: to look at few areas for a position. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from weatherapp.official.areas.geometry import is_between_corners
from weatherapp.official.areas.packing import STEPS_A_DEGREE, GridPolygon, GridRing

AROUND = 360


def find_cell(latitude: float, longitude: float) -> int:
    """The number of the cell: 360 a degree of latitude."""
    return _number(math.floor(latitude), math.floor(longitude))


def list_cells(polygons: Iterable[GridPolygon]) -> list[int]:
    cells: set[int] = set()
    for polygon in polygons:
        cells.update(_list_crossed(polygon[0]), _list_inner(polygon[0]))
    return sorted(cells)


def _list_crossed(ring: GridRing) -> Iterator[int]:
    """Of each edge all in its box, which holds what it crosses."""
    for start, end in zip([ring[-1], *ring[:-1]], ring, strict=True):
        yield from _list_box((start, end))


def _list_inner(ring: GridRing) -> Iterator[int]:
    """Those whose middle is inside: the others that hold some of it are crossed by an edge."""
    for north, east in _span(ring):
        middle = (north + 0.5) * STEPS_A_DEGREE, (east + 0.5) * STEPS_A_DEGREE
        if is_between_corners(ring, *middle):
            yield _number(north, east)


def _list_box(corners: Sequence[tuple[int, int]]) -> Iterator[int]:
    for north, east in _span(corners):
        yield _number(north, east)


def _span(corners: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    norths = [north // STEPS_A_DEGREE for north, _ in corners]
    easts = [east // STEPS_A_DEGREE for _, east in corners]
    for north in range(min(norths), max(norths) + 1):
        for east in range(min(easts), max(easts) + 1):
            yield north, east


def _number(north: int, east: int) -> int:
    return (min(max(north, -90), 89) + 90) * AROUND + (east + 180) % AROUND
