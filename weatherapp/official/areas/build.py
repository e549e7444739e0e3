"""Makes areas.sqlite3 from the archives of geocodes that KDE's foss-public-alert-server keeps:
`npm pack us-atlas@3.0.1`, unpack it, then `python -m weatherapp.official.areas.build
package/counties-10m.json kde-EMMA_ID.tar.gz kde-FIPS.tar.gz ...`, all six of them.

They are CC0 but for lakes of Germany, which are CC BY 4.0: see NOTICE.md. The same files make the same
bytes.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from weatherapp.official.areas.cells import list_cells
from weatherapp.official.areas.counties import complete, read_counties
from weatherapp.official.areas.geojson import SourceArea, read_areas
from weatherapp.official.areas.packing import GridPolygon, pack, pack_numbers
from weatherapp.official.areas.simplify import simplify_polygons

AREAS = Path(__file__).with_name("areas.sqlite3")
TOLERANCE = 0.0005  # degrees: 56 m; and half a step of the grid, 28 m

TABLES = """
CREATE TABLE version (version TEXT NOT NULL);
CREATE TABLE area (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    south INTEGER NOT NULL,
    west INTEGER NOT NULL,
    north INTEGER NOT NULL,
    east INTEGER NOT NULL,
    outline BLOB NOT NULL
);
CREATE TABLE code (scheme TEXT, code TEXT, area INTEGER, PRIMARY KEY (scheme, code)) WITHOUT ROWID;
CREATE INDEX code_area ON code (area);
CREATE TABLE cell (id INTEGER PRIMARY KEY, areas BLOB NOT NULL);
"""


def build(areas: Iterable[SourceArea], path: Path, *, tolerance: float = TOLERANCE) -> None:
    path.unlink(missing_ok=True)
    cells: dict[int, list[int]] = defaultdict(list)
    digest = hashlib.sha256()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(TABLES)
        for number, area in enumerate(areas, start=1):
            polygons = simplify_polygons(area.polygons, tolerance)
            if not polygons:  # no position is in it
                continue
            row = (number, area.name, area.country, *_find_box(polygons), pack(polygons))
            codes = [(scheme.value, code, number) for scheme, code in area.codes]
            digest.update(repr((row, codes)).encode())
            database.execute("INSERT INTO area VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            database.executemany("INSERT INTO code VALUES (?, ?, ?)", codes)
            for cell in list_cells(polygons):
                cells[cell].append(number)
        packed = [(cell, pack_numbers(cells[cell])) for cell in sorted(cells)]
        database.executemany("INSERT INTO cell VALUES (?, ?)", packed)
        database.execute("INSERT INTO version VALUES (?)", (digest.hexdigest()[:16],))
        database.commit()
        database.execute("VACUUM")


def _find_box(polygons: list[GridPolygon]) -> tuple[int, int, int, int]:
    """In steps of the grid; an area on both sides of the 180th meridian reaches all around."""
    corners = [corner for polygon in polygons for ring in polygon for corner in ring]
    norths, easts = [north for north, _ in corners], [east for _, east in corners]
    return min(norths), min(easts), max(norths), max(easts)


def main() -> None:
    counties, *archives = (Path(name) for name in sys.argv[1:])
    build(complete(read_areas(archives), read_counties(counties)), AREAS)
    sys.stdout.write(f"{AREAS}: {AREAS.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
