"""Whether a position is in the area of a warning: polygons and circles, less what is excluded. Pure.

Positions are (latitude, longitude) in degrees north and east. An edge takes the short way round the
Earth, so a ring may cross the 180th meridian or go round a pole. What lies on an edge is in one of
the two areas that share it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from weatherapp.domain.sphere import Point, box_around, distance_km

Position = tuple[float, float]

LEAST_CORNERS = 3
# Further than the pole, so that the pole itself is in a ring that reaches it.
BEYOND_A_POLE = 91.0


class PositionError(ValueError):
    """Not a position on the Earth: keep the area, and say that it cannot be placed."""


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees; `east` may be more than 180: it is never less than `west`."""

    south: float
    west: float
    north: float
    east: float

    def place_longitude(self, latitude: float, longitude: float) -> float | None:
        """The longitude counted on from `west`; None where the position is outside."""
        if not self.south <= latitude <= self.north:
            return None
        counted = self.west + (longitude - self.west) % 360
        return counted if counted <= self.east else None


@dataclass(frozen=True, slots=True)
class Ring:
    """Corners in order, the first not repeated, longitudes going on beyond 180 where they must."""

    corners: tuple[Position, ...]
    box: Box

    def holds(self, position: Position) -> bool:
        latitude, longitude = position
        counted = self.box.place_longitude(latitude, longitude)
        return counted is not None and is_between_corners(self.corners, latitude, counted)


@dataclass(frozen=True, slots=True)
class Circle:
    latitude: float
    longitude: float
    radius_km: float

    @property
    def box(self) -> Box:
        around = box_around(Point(self.latitude, self.longitude), self.radius_km)
        west, east = self.longitude - around.across, self.longitude + around.across
        return Box(around.south, west, around.north, east)

    def holds(self, position: Position) -> bool:
        """One of radius 0 holds its middle alone."""
        return distance_km(Point(self.latitude, self.longitude), Point(*position)) <= self.radius_km


@dataclass(frozen=True, slots=True)
class Area:
    """What any of `shapes` holds and none of `excluded`."""

    shapes: tuple[Ring | Circle, ...]
    excluded: tuple[Ring, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.shapes

    def holds(self, position: Position) -> bool:
        return any(shape.holds(position) for shape in self.shapes) and not any(
            ring.holds(position) for ring in self.excluded
        )


def make_area(
    polygons: Iterable[Sequence[Position]],
    circles: Iterable[Circle] = (),
    excluded: Iterable[Sequence[Position]] = (),
) -> Area:
    """Rings may be open or closed; those without extent hold nothing and are left out.

    Raises PositionError.
    """
    shapes: list[Ring | Circle] = list(_make_rings(polygons))
    for circle in circles:
        _check((circle.latitude, circle.longitude))
        if math.isfinite(circle.radius_km) and circle.radius_km >= 0:
            shapes.append(circle)
    return Area(tuple(shapes), tuple(_make_rings(excluded)))


def make_ring(positions: Sequence[Position]) -> Ring | None:
    """None for what has no extent. Raises PositionError."""
    for position in positions:
        _check(position)
    plain = _drop_repeated(positions)
    if len(set(plain)) < LEAST_CORNERS:
        return None
    corners = _unroll(plain)
    box = _box(corners)
    if box.west == box.east:  # each step was taken for none: a ring that goes all around
        corners = [_beyond_a_pole(position) for position in plain]
        box = _box(corners)
    if box.west == box.east or box.south == box.north:
        return None
    return Ring(tuple(corners), box)


def is_between_corners(corners: Sequence[Position], latitude: float, longitude: float) -> bool:
    """By counting how many edges a ray to the east crosses; longitudes as the corners count them."""
    is_inside = False
    last_latitude, last_longitude = corners[-1]
    for corner_latitude, corner_longitude in corners:
        if (corner_latitude > latitude) != (last_latitude > latitude):
            share = (latitude - corner_latitude) / (last_latitude - corner_latitude)
            if longitude < corner_longitude + share * (last_longitude - corner_longitude):
                is_inside = not is_inside
        last_latitude, last_longitude = corner_latitude, corner_longitude
    return is_inside


def _make_rings(polygons: Iterable[Sequence[Position]]) -> list[Ring]:
    return [ring for polygon in polygons if (ring := make_ring(polygon)) is not None]


def _check(position: Position) -> None:
    latitude, longitude = position
    # Written so that what is not a number fails it. Some count longitudes from 0 to 360.
    if not (abs(latitude) <= 90 and abs(longitude) <= 360):
        raise PositionError(f"{latitude}, {longitude} is not on the Earth")


def _drop_repeated(positions: Sequence[Position]) -> list[Position]:
    """One after the other, and the first at the end."""
    plain: list[Position] = []
    for latitude, longitude in positions:
        if not plain or plain[-1] != (latitude, longitude):
            plain.append((latitude, longitude))
    while len(plain) > 1 and plain[-1] == plain[0]:
        plain.pop()
    return plain


def _unroll(positions: Sequence[Position]) -> list[Position]:
    corners = [_beyond_a_pole(positions[0])]
    for position in positions[1:]:
        latitude, longitude = _beyond_a_pole(position)
        corners.append((latitude, _go_on(corners[-1][1], longitude)))
    first_latitude, first_longitude = corners[0]
    back_at = _go_on(corners[-1][1], first_longitude)
    if back_at != first_longitude:  # once around: the pole closes it
        pole = math.copysign(BEYOND_A_POLE, sum(latitude for latitude, _ in corners))
        corners += [(first_latitude, back_at), (pole, back_at), (pole, first_longitude)]
    return corners


def _go_on(before: float, longitude: float) -> float:
    step = longitude - before
    return longitude if abs(step) <= 180 else longitude - 360 * round(step / 360)


def _beyond_a_pole(position: Position) -> Position:
    latitude, longitude = position
    return (math.copysign(BEYOND_A_POLE, latitude), longitude) if abs(latitude) == 90 else position


def _box(corners: Sequence[Position]) -> Box:
    latitudes = [latitude for latitude, _ in corners]
    longitudes = [longitude for _, longitude in corners]
    return Box(min(latitudes), min(longitudes), max(latitudes), max(longitudes))
