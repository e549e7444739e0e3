"""Rings as authorities draw them, made fit for use: closed, latitude first, cut at 180 degrees."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from weatherapp.official.documents.country_boxes import Box
from weatherapp.official.documents.message import Ring

WRITTEN = re.compile(r"[-+.,\deE\s]*")
LEAST_CORNERS = 3
MOST_TURNS = 3  # how often a ring may go around the world before it is nonsense

Point = tuple[float, float]


class RingError(ValueError):
    """It is no ring on the Earth."""


def read_points(text: str) -> list[Point]:
    """Of "lat,lon lat,lon", also "lat lon lat lon", and with a height each. Raises RingError."""
    if not WRITTEN.fullmatch(text):
        raise RingError("a corner is not two numbers")
    try:
        numbers = list(map(float, text.replace(",", " ").split()))
    except ValueError as error:
        raise RingError("a corner is not two numbers") from error
    step = _find_step(len(numbers), text.count(","))
    return list(zip(numbers[::step], numbers[1::step], strict=True))


def _find_step(numbers: int, commas: int) -> int:
    """How many numbers a corner has. Of many at once, as a warning may have 100,000 corners."""
    if numbers % 2 == 0 and commas in (0, numbers // 2, numbers - 1):
        return 2
    if numbers % 3 == 0 and commas == numbers // 3 * 2:
        return 3
    raise RingError("a corner is not two numbers")


def make_rings(points: Sequence[Point], box: Box | None) -> tuple[Ring, ...]:
    """One ring, or its parts on both sides of 180 degrees. Raises RingError."""
    points = right_way_round(points, box)
    if not _are_on_earth(points):
        raise RingError("a corner is not on the Earth")
    corners = [
        point for index, point in enumerate(points) if index == 0 or point != points[index - 1]
    ]
    if len(set(corners)) < LEAST_CORNERS:
        raise RingError("fewer than three corners")
    if corners[0] != corners[-1]:
        corners.append(corners[0])
    return tuple(_cut(corners))


def right_way_round(points: Sequence[Point], box: Box | None) -> Sequence[Point]:
    """With latitude first, if they were the other way: by what is possible, then by the country."""
    swapped = [(second, first) for first, second in points]
    if any(abs(first) > 90 for first, _ in points):
        return swapped if all(abs(first) <= 90 for first, _ in swapped) else points
    if box is None or any(box.holds(*point) for point in points):
        return points
    return swapped if all(box.holds(*point) for point in swapped) else points


def _are_on_earth(points: Sequence[Point]) -> bool:
    """Longitudes may also count from 0 to 360."""
    numbers = [number for point in points for number in point]
    return (
        math.isfinite(sum(numbers))
        and max(map(abs, numbers[::2]), default=0) <= 90
        and max(map(abs, numbers[1::2]), default=0) <= 360
    )


def _cut(corners: Sequence[Point]) -> Iterator[Ring]:
    """At 180 degrees. `corners` is closed."""
    longitudes = [longitude for _, longitude in corners]
    west, east = min(longitudes), max(longitudes)
    if west >= -180 and east <= 180 and east - west <= 180:
        yield tuple(corners)  # as nearly all: no side can be one over 180 degrees
        return
    line = _unwind(corners)
    west = min(longitude for _, longitude in line)
    east = max(longitude for _, longitude in line)
    first, last = math.floor((west + 180) / 360), math.ceil((east - 180) / 360)
    if last - first > MOST_TURNS:
        raise RingError("it goes around the world more than once")
    if west >= -180 and east <= 180:
        yield tuple(line)
        return
    for turn in range(first, last + 1):
        part = _clip(
            _clip(line, turn * 360 - 180.0, is_east=True), turn * 360 + 180.0, is_east=False
        )
        if len(set(part)) >= LEAST_CORNERS:
            shifted = [(latitude, longitude - turn * 360) for latitude, longitude in part]
            yield tuple(shifted if shifted[0] == shifted[-1] else [*shifted, shifted[0]])


def _unwind(corners: Sequence[Point]) -> list[Point]:
    """Longitudes that run on over 180 degrees; around a pole, the pole is a side of the ring."""
    line = [corners[0]]
    for (_, before), (latitude, longitude) in pairwise(corners):
        step = longitude - before
        # Exactly 360 is a side all along the map, from one edge to the other.
        if 180 < abs(step) < 360:
            step -= math.copysign(360, step)
        line.append((latitude, line[-1][1] + step))
    turned = line[-1][1] - line[0][1]
    if abs(turned) > 180:
        pole = math.copysign(90, sum(latitude for latitude, _ in corners))
        line += [(pole, line[-1][1]), (pole, line[0][1]), line[0]]
    return line


def _clip(line: Sequence[Point], edge: float, *, is_east: bool) -> list[Point]:
    """What of a ring lies east (or west) of a meridian: Sutherland and Hodgman's."""
    is_in: Callable[[Point], bool] = (
        (lambda point: point[1] >= edge) if is_east else (lambda point: point[1] <= edge)
    )
    kept: list[Point] = []
    for one, other in zip(line, [*line[1:], line[0]], strict=True):
        if is_in(one):
            kept.append(one)
        if is_in(one) != is_in(other):
            part = (edge - one[1]) / (other[1] - one[1])
            kept.append((one[0] + part * (other[0] - one[0]), edge))
    return kept
