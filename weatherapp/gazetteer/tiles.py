"""The tiles in which the fine outline of the world is kept: 12 around, 6 from north to south. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

TILE_DEGREES = 30


class Tile(NamedTuple):
    """By its north-west corner, in degrees; `turn` is 360 or -360 where a view goes over the date line."""

    west: int
    north: int
    turn: int = 0

    @property
    def south(self) -> int:
        return self.north - TILE_DEGREES

    @property
    def image(self) -> str:
        """The file's name below the folder of images."""
        column, row = (self.west + 180) // TILE_DEGREES, (90 - self.north) // TILE_DEGREES
        return f"world/{row}-{column:02}.svg"

    @property
    def path(self) -> str:
        """As templates ask for it."""
        return f"img/{self.image}"


def all_tiles() -> Iterator[Tile]:
    return (
        Tile(west, north)
        for north in range(90, -90, -TILE_DEGREES)
        for west in range(-180, 180, TILE_DEGREES)
    )


def find_tiles(*, west: float, east: float, south: float, north: float) -> list[Tile]:
    """Those that a view shows, which may reach over the date line on either side."""
    columns = range(math.floor((west + 180) / TILE_DEGREES), math.ceil((east + 180) / TILE_DEGREES))
    first = max(math.floor((90 - north) / TILE_DEGREES), 0)
    last = min(math.ceil((90 - south) / TILE_DEGREES), 180 // TILE_DEGREES)
    return [_make_tile(column, row) for row in range(first, last) for column in columns]


def _make_tile(column: int, row: int) -> Tile:
    turns, column = divmod(column, 360 // TILE_DEGREES)
    return Tile(column * TILE_DEGREES - 180, 90 - row * TILE_DEGREES, turns * 360)
