"""Whole counties of the US: of many the archive of UGC has one of several parts, an island or so.

Their outlines are the Census Bureau's, from the package us-atlas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from weatherapp.gazetteer.outline import Topology
from weatherapp.official.areas.geojson import Polygon, SourceArea
from weatherapp.official.areas.geometry import Position

# Of the Census Bureau's area: less than it is a county with a part missing, not another shoreline.
WHOLE = 0.85


def read_counties(path: Path) -> dict[str, list[Polygon]]:
    """By the five digits of FIPS, from counties-10m.json."""
    return {
        number: [
            [[(-south, east) for east, south in ring] for ring in polygon] for polygon in polygons
        ]
        for number, polygons in Topology(path).shapes("counties")
    }


def complete(
    areas: Iterable[SourceArea], counties: Mapping[str, list[Polygon]]
) -> Iterator[SourceArea]:
    """The same areas; counties of which much is missing get the whole outline as well."""
    known = list(areas)
    shared = Counter(area.county for area in known)
    for area in known:
        whole = counties.get(area.county)
        # A county with several codes is cut in several areas on purpose.
        if whole and shared[area.county] == 1 and _measure(area.polygons) < WHOLE * _measure(whole):
            area = replace(area, polygons=[*area.polygons, *whole])
        yield area


def _measure(polygons: Iterable[Polygon]) -> float:
    """In square degrees, which compares outlines of one county."""
    return sum(
        abs(_measure_ring(outline)) - sum(abs(_measure_ring(hole)) for hole in holes)
        for outline, *holes in polygons
    )


def _measure_ring(ring: list[Position]) -> float:
    closed = [*ring, ring[0]]
    return sum(a[1] * b[0] - b[1] * a[0] for a, b in pairwise(closed)) / 2
