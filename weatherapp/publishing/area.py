"""The area of an alert: what lies within some kilometres of its place, as closed rings. Pure."""

from __future__ import annotations

import math

from weatherapp.domain.sphere import KM_A_DEGREE, Box, Point, box_around

CORNERS = 12
DIGITS = 4  # about 10 m

# Corners, the last like the first; degrees north and east; against the clock, as GeoJSON has them.
Ring = tuple[Point, ...]


def draw_rings(place: Point, reach_km: float) -> tuple[Ring, ...]:
    """One ring, or two boxes on both sides of the 180th meridian, or one round a pole.

    Each holds the place, none crosses itself or goes beyond 90 or 180 degrees.
    """
    box = box_around(place, reach_km)
    if box.across >= 180:
        return (_box_ring(max(box.south, -90.0), -180.0, min(box.north, 90.0), 180.0),)
    west, east = place.longitude - box.across, place.longitude + box.across
    south, north = max(box.south, -90.0), min(box.north, 90.0)
    if west < -180:
        return _box_ring(south, -180.0, north, east), _box_ring(south, west + 360, north, 180.0)
    if east > 180:
        return _box_ring(south, west, north, 180.0), _box_ring(south, -180.0, north, east - 360)
    return (_draw_around(place, reach_km, box),)


def _draw_around(place: Point, reach_km: float, box: Box) -> Ring:
    high = reach_km / KM_A_DEGREE
    corners = [
        _round(
            place.latitude + high * math.sin(turn), place.longitude + box.across * math.cos(turn)
        )
        for turn in (2 * math.pi * number / CORNERS for number in range(CORNERS))
    ]
    return (*corners, corners[0])


def _box_ring(south: float, west: float, north: float, east: float) -> Ring:
    corners = ((south, west), (south, east), (north, east), (north, west), (south, west))
    return tuple(_round(*corner) for corner in corners)


def _round(latitude: float, longitude: float) -> Point:
    return Point(round(latitude, DIGITS) + 0.0, round(longitude, DIGITS) + 0.0)
