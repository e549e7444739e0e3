"""Distances and boxes on the Earth, taken as a sphere. Pure."""

from __future__ import annotations

import math
from typing import NamedTuple

EARTH_KM = 6371.0
KM_A_DEGREE = EARTH_KM * math.pi / 180
FURTHEST_KM = EARTH_KM * math.pi  # the other side
NEAR_A_POLE = 0.001  # of a circle of latitude: all longitudes are near


class Point(NamedTuple):
    """Degrees north and east."""

    latitude: float
    longitude: float


class Box(NamedTuple):
    """Degrees; `across` is how far it reaches to the west and the east of its middle, 180 all around."""

    south: float
    north: float
    longitude: float
    across: float


def distance_km(one: Point, other: Point) -> float:
    """By the haversine formula."""
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(other.longitude - one.longitude)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(math.sqrt(half), 1.0))


def box_around(point: Point, reach_km: float) -> Box:
    """Holds all that is within `reach_km`, and some of what is further off."""
    reach = reach_km / KM_A_DEGREE
    furthest_north = abs(point.latitude) + reach
    across = 180.0
    if furthest_north < 90:
        across = min(reach / max(math.cos(math.radians(furthest_north)), NEAR_A_POLE), 180.0)
    return Box(point.latitude - reach, point.latitude + reach, point.longitude, across)
