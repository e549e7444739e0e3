"""The watched places nearest to positions: a few queries, however many places and positions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models import Q

from weatherapp.domain.sphere import FURTHEST_KM, Box, Point, box_around, distance_km
from weatherapp.models import Place

Found = list[tuple[int, float]]  # ids of places with their distances in km, nearest first
REACHES_KM = (100.0, 1_000.0, FURTHEST_KM)
DIGITS = 2  # of a degree: a kilometre, which is as exactly as anybody needs to say where they are
POSITION = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*")


def read_position(text: str) -> Point | None:
    """Of "51.5,-0.1", rounded; None for what is none."""
    match = POSITION.fullmatch(text)
    if match is None:
        return None
    latitude, longitude = (round(float(part), DIGITS) for part in match.groups())
    is_on_earth = abs(latitude) <= 90 and abs(longitude) <= 180
    return Point(latitude, longitude) if is_on_earth else None


def find_nearest(points: Sequence[Point], *, limit: int) -> list[Found]:
    """For each point. It looks further away only for those that have too few near them."""
    found: list[Found] = [[] for _ in points]
    waiting = list(range(len(points)))
    for reach_km in REACHES_KM:
        if not waiting:
            break
        boxes = [box_around(points[n], reach_km) for n in waiting]
        rows = _read_within(boxes)
        for n in waiting:
            found[n] = _sort(points[n], rows, reach_km)[:limit]
        waiting = [n for n in waiting if len(found[n]) < limit]
    return found


def find_within(point: Point, reach_km: float) -> Found:
    """All that are no farther away."""
    rows = _read_within([box_around(point, reach_km)])
    return [(pk, km) for pk, km in _sort(point, rows, reach_km) if km <= reach_km]


def _read_within(boxes: Sequence[Box]) -> list[tuple[int, Point]]:
    wanted = Q()
    for box in boxes:
        wanted |= _is_within(box)
    rows = Place.objects.active().filter(wanted).order_by()
    found = rows.values_list("pk", "latitude", "longitude")
    return [(pk, Point(latitude, longitude)) for pk, latitude, longitude in found]


def _is_within(box: Box) -> Q:
    latitude = Q(latitude__range=(box.south, box.north))
    if box.across >= 180:
        return latitude
    west, east = box.longitude - box.across, box.longitude + box.across
    across = Q(longitude__range=(west, east))
    if west < -180:
        across |= Q(longitude__gte=west + 360)
    if east > 180:
        across |= Q(longitude__lte=east - 360)
    return latitude & across


def _sort(point: Point, rows: Sequence[tuple[int, Point]], reach_km: float) -> Found:
    """Within the reach: beyond it, the box does not hold all that are as near."""
    distances = ((distance_km(point, where), pk) for pk, where in rows)
    return [(pk, km) for km, pk in sorted(distances) if km <= reach_km + 1]
