"""How large the table of official areas is, how right, and what a look-up in it costs.

`python -m bench.official_areas counties-10m.json kde-*.tar.gz` builds it with several tolerances, and asks each for the
codes of cities and of positions at random; those from the outlines before that are held to be right.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from math import floor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from weatherapp.gazetteer.search import CITIES
from weatherapp.official.areas import table
from weatherapp.official.areas.build import build
from weatherapp.official.areas.counties import complete, read_counties
from weatherapp.official.areas.geojson import SourceArea, read_areas
from weatherapp.official.areas.geometry import Position, is_between_corners

TOLERANCES = (0.0005, 0.001, 0.002, 0.005)
SAMPLES = 2000  # of each kind
HEAD = "| tolerance | size | cities with other codes | positions with other codes | look-up (CPU), median | p99 |"


def main() -> None:
    counties, *archives = (Path(name) for name in sys.argv[1:])
    areas = list(complete(read_areas(archives), read_counties(counties)))
    samples = [_pick_cities(areas), _pick_positions(areas)]
    cells = _sort_by_cell(areas)
    right = [[_find_exactly(cells, position) for position in sample] for sample in samples]
    covered = sum(map(bool, right[0])) / len(right[0])
    print(f"{covered:.1%} of the cities of these countries are in any area.")
    print(HEAD, "|---|---|---|---|---|---|", sep="\n", flush=True)
    with TemporaryDirectory() as folder:
        for tolerance in TOLERANCES:
            table.AREAS = Path(folder, f"{tolerance}.sqlite3")
            build(areas, table.AREAS, tolerance=tolerance)
            _print_row(tolerance, samples, right)


def _print_row(
    tolerance: float,
    samples: Sequence[Sequence[Position]],
    right: Sequence[Sequence[set[tuple[str, str]]]],
) -> None:
    times, shares = [], []
    for sample, expected in zip(samples, right, strict=True):
        wrong = 0
        for position, codes in zip(sample, expected, strict=True):
            began = process_time()
            found = table.find_codes(*position)
            times.append(1000 * (process_time() - began))
            wrong += codes != {(scheme, code) for scheme in found for code in found[scheme]}
        shares.append(wrong / len(sample))
    times.sort()
    megabytes = table.AREAS.stat().st_size / 1e6
    print(
        f"| {tolerance}° | {megabytes:.2f} MB | {shares[0]:.2%} | {shares[1]:.2%} "
        f"| {times[len(times) // 2]:.2f} ms | {times[len(times) * 99 // 100]:.2f} ms |",
        flush=True,
    )


def _pick_cities(areas: Sequence[SourceArea]) -> list[Position]:
    countries = sorted({area.country for area in areas})
    marks = ", ".join("?" * len(countries))
    with closing(sqlite3.connect(CITIES)) as database:
        rows = database.execute(
            f"SELECT latitude, longitude FROM city WHERE country IN ({marks}) ORDER BY id",  # noqa: S608  # marks
            countries,
        ).fetchall()
    return random.Random(1).sample(rows, SAMPLES)  # noqa: S311


def _pick_positions(areas: Sequence[SourceArea]) -> list[Position]:
    """Near corners of areas, which is where mistakes are made."""
    dice = random.Random(1)  # noqa: S311
    corners = [dice.choice(dice.choice(dice.choice(areas).polygons)[0]) for _ in range(SAMPLES)]
    return [(a + dice.uniform(-0.1, 0.1), b + dice.uniform(-0.1, 0.1)) for a, b in corners]


def _sort_by_cell(areas: Sequence[SourceArea]) -> dict[tuple[int, int], list[SourceArea]]:
    cells: dict[tuple[int, int], list[SourceArea]] = {}
    for area in areas:
        corners = (corner for polygon in area.polygons for corner in polygon[0])
        latitudes, longitudes = zip(*corners, strict=True)
        for north in range(floor(min(latitudes)), floor(max(latitudes)) + 1):
            for east in range(floor(min(longitudes)), floor(max(longitudes)) + 1):
                cells.setdefault((north, east), []).append(area)
    return cells


def _find_exactly(
    cells: dict[tuple[int, int], list[SourceArea]], position: Position
) -> set[tuple[str, str]]:
    near = cells.get((floor(position[0]), floor(position[1])), [])
    return {
        (scheme.value, code)
        for area in near
        if _holds(area, position)
        for scheme, code in area.codes
    }


def _holds(area: SourceArea, position: Position) -> bool:
    return any(
        is_between_corners(outline, *position)
        and not any(is_between_corners(hole, *position) for hole in holes)
        for outline, *holes in area.polygons
    )


if __name__ == "__main__":
    main()
    print(
        f"This process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most."
    )
