"""Which part of the world a map shows: a middle and a zoom, from links and without a script. Pure.

Degrees are drawn as they are, squeezed from west to east as they are in the map's middle
(equirectangular): places near each other have their true shape, and no pole is blown up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

ASPECT = 1.5  # of the picture: width by height
WIDEST = 360.0  # degrees
STEPS_A_DOUBLING = 2
MOST_ZOOM = 20  # a third of a degree wide
CLOSEST_FIT = 15  # two degrees: some coast to know where one is
MARGIN = 1.3  # of what is to be seen
LEAST_SQUEEZE = 0.2


@dataclass(frozen=True, slots=True)
class View:
    """`west` is -180 to 180; `squeeze` is how many degrees of latitude one of longitude is as long as."""

    latitude: float
    longitude: float
    zoom: int
    west: float
    width: float
    south: float
    height: float
    squeeze: float

    @property
    def north(self) -> float:
        return self.south + self.height

    @property
    def east(self) -> float:
        """More than 180 where the view goes over the date line."""
        return self.west + self.width

    @property
    def box(self) -> str:
        """As an SVG's viewBox, in degrees east and south."""
        return f"{self.west:.3f} {-self.north:.3f} {self.width:.3f} {self.height:.3f}"

    @property
    def corners(self) -> str:
        """South, west, north, east, as scripts read them."""
        return f"{self.south:.3f},{self.west:.3f},{self.north:.3f},{self.east:.3f}"

    def find_x(self, longitude: float) -> float:
        """Share of the width from the west; 0..1 inside."""
        return (longitude - self.west) % WIDEST / self.width

    def find_y(self, latitude: float) -> float:
        """Share of the height from the north; 0..1 inside."""
        return (self.north - latitude) / self.height

    def zoom_by(self, steps: int, latitude: float | None = None, longitude: float = 0.0) -> View:
        """Around its own middle, or around another."""
        if latitude is None:
            return make_view(self.latitude, self.longitude, self.zoom + steps)
        return make_view(latitude, longitude, self.zoom + steps)

    def move_by(self, *, east: float = 0.0, north: float = 0.0) -> View:
        """By shares of its width and height."""
        latitude = self.latitude + north * self.height
        return make_view(latitude, self.longitude + east * self.width, self.zoom)

    @property
    def at(self) -> str:
        """As addresses say it."""
        return f"{self.latitude:.2f},{self.longitude:.2f}"


def make_view(latitude: float, longitude: float, zoom: int) -> View:
    """Kept within the world: near a pole its middle moves away from it."""
    zoom = min(max(zoom, 0), MOST_ZOOM)
    width = WIDEST / 2 ** (zoom / STEPS_A_DOUBLING)
    latitude = min(max(latitude, -90.0), 90.0)
    squeeze = min(max(math.cos(math.radians(latitude)), LEAST_SQUEEZE), 180 * ASPECT / width)
    height = width * squeeze / ASPECT
    latitude = min(max(latitude, -90 + height / 2), 90 - height / 2)
    longitude = _wrap(longitude)
    return View(
        latitude=latitude,
        longitude=longitude,
        zoom=zoom,
        west=_wrap(longitude - width / 2),
        width=width,
        south=latitude - height / 2,
        height=height,
        squeeze=squeeze,
    )


def fit_view(*, south: float, north: float, longitudes: Sequence[float]) -> View:
    """The closest view of all of them, over the date line where that is shorter."""
    west, across = find_span(longitudes)
    latitude, longitude = (south + north) / 2, west + across / 2
    for zoom in range(CLOSEST_FIT, 0, -1):
        view = make_view(latitude, longitude, zoom)
        if view.width >= across * MARGIN and view.height >= (north - south) * MARGIN:
            return view
    return make_view(latitude, longitude, 0)


def find_span(longitudes: Sequence[float]) -> tuple[float, float]:
    """The west of the shortest span that holds all of them, and its width: all but the widest gap."""
    around = sorted(set(longitudes))
    gaps = [(b - a, b) for a, b in pairwise([*around, around[0] + WIDEST])]
    gap, west = max(gaps)
    return _wrap(west), WIDEST - gap


def read_view(at: str, zoom: str) -> View | None:
    """As an address says it; None for what is no view."""
    try:
        latitude, longitude = (float(part) for part in at.split(","))
        steps = int(zoom) if len(zoom) < 4 else MOST_ZOOM
    except ValueError:
        return None
    if not abs(latitude) <= 90 or not abs(longitude) <= WIDEST:  # also what is not a number
        return None
    return make_view(latitude, longitude, steps)


def _wrap(longitude: float) -> float:
    """-180 to 180."""
    return (longitude + 180) % WIDEST - 180
