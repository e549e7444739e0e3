"""In which of the authorities' areas a position is, from a file beside this one.

It is read a few pages at a time, and never by the web process: a place's codes are looked up once,
when it is made or moved. Pure but for that file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from weatherapp.official.areas.cells import find_cell
from weatherapp.official.areas.geometry import Position, is_between_corners
from weatherapp.official.areas.packing import STEPS_A_DEGREE, GridPolygon, unpack, unpack_numbers
from weatherapp.official.areas.schemes import Scheme

AREAS = Path(__file__).with_name("areas.sqlite3")
IN_BOX = """
SELECT outline FROM area
WHERE id = ? AND ? BETWEEN south AND north AND ? BETWEEN west AND east
"""
BY_CODE = """
SELECT name, country, south, west, north, east
FROM code JOIN area ON area.id = code.area WHERE scheme = ? AND code = ?
"""
WHICH = "SELECT DISTINCT code FROM code WHERE scheme = ? AND code IN"
ASKED_TOGETHER = 500  # codes a query
OUTLINE = "SELECT outline FROM code JOIN area ON area.id = code.area WHERE scheme = ? AND code = ?"


@dataclass(frozen=True, slots=True)
class KnownArea:
    """`country` in the two letters of ISO 3166; the box in degrees.

    What lies on both sides of the 180th meridian has a box all around.
    """

    name: str
    country: str
    south: float
    west: float
    north: float
    east: float


def read_version() -> str:
    """Another one for each table whose answers may differ."""
    with _opened() as database:
        (version,) = database.execute("SELECT version FROM version").fetchone()
        return str(version)


def find_codes(latitude: float, longitude: float) -> dict[Scheme, tuple[str, ...]]:
    """Degrees. By scheme the codes of the areas that the position is in, in order."""
    longitude = (longitude + 180) % 360 - 180  # 180 is where -180 is
    north, east = latitude * STEPS_A_DEGREE, longitude * STEPS_A_DEGREE
    found: dict[Scheme, list[str]] = {}
    with _opened() as database:
        for area in _list_near(database, latitude, longitude):
            row = database.execute(IN_BOX, (area, north, east)).fetchone()
            if row is not None and _holds(unpack(row[0]), (north, east)):
                codes = database.execute("SELECT scheme, code FROM code WHERE area = ?", (area,))
                for scheme, code in codes:
                    found.setdefault(Scheme(scheme), []).append(code)
    return {scheme: tuple(sorted(found[scheme])) for scheme in Scheme if scheme in found}


def find_area(scheme: Scheme, code: str) -> KnownArea | None:
    """What is called so; None for a code that the table has not."""
    with _opened() as database:
        row = database.execute(BY_CODE, (scheme.value, code)).fetchone()
    if row is None:
        return None
    name, country, *box = row
    return KnownArea(name, country, *(steps / STEPS_A_DEGREE for steps in box))


def find_outline(scheme: Scheme, code: str) -> list[list[list[Position]]] | None:
    """Its polygons, each the outline and what is cut out of it, as open rings in degrees."""
    with _opened() as database:
        row = database.execute(OUTLINE, (scheme.value, code)).fetchone()
    if row is None:
        return None
    return [
        [[(n / STEPS_A_DEGREE, e / STEPS_A_DEGREE) for n, e in ring] for ring in polygon]
        for polygon in unpack(row[0])
    ]


def find_known(codes: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these schemes and codes the table has."""
    values: dict[str, list[str]] = {}
    for scheme, code in sorted(set(codes)):
        values.setdefault(scheme, []).append(code)
    known: set[tuple[str, str]] = set()
    with _opened() as database:
        for scheme, wanted in values.items():
            for start in range(0, len(wanted), ASKED_TOGETHER):
                some = wanted[start : start + ASKED_TOGETHER]
                marks = ", ".join("?" * len(some))
                rows = database.execute(f"{WHICH} ({marks})", (scheme, *some))
                known |= {(scheme, code) for (code,) in rows}
    return known


@contextmanager
def _opened() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{AREAS.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        yield database


def _list_near(database: sqlite3.Connection, latitude: float, longitude: float) -> list[int]:
    cell = find_cell(latitude, longitude)
    row = database.execute("SELECT areas FROM cell WHERE id = ?", (cell,)).fetchone()
    return unpack_numbers(row[0]) if row else []


def _holds(polygons: list[GridPolygon], position: Position) -> bool:
    """In an outline, and in none of what is cut out of it."""
    return any(
        is_between_corners(outline, *position)
        and not any(is_between_corners(hole, *position) for hole in holes)
        for outline, *holes in polygons
    )
