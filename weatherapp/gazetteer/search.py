"""Cities by the beginning of their name, and the one nearest to a position.

They are read from a file beside this one, a few pages at a time: no process holds them in memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from weatherapp.domain.names import fold_name
from weatherapp.domain.sphere import Point, box_around, distance_km

CITIES = Path(__file__).with_name("cities.sqlite3")
LONGEST_NAME = 80
LAST_CHARACTER = "\U0010ffff"
SHORTEST_NAME = 2  # in Latin letters; one alone begins thousands
# So many people must live in a city that only others call so, or only once was called so, for it to
# come before those whose own name begins so: "roma" means Rome, "york" does not mean Warner Robins.
WELL_KNOWN = 100_000
BY_NAME = """
SELECT max(folded = :first), city.name, country, region, latitude, longitude, time_zone, population
FROM name JOIN city ON city.id = name.city
WHERE folded >= :first AND folded < :last
GROUP BY city.id
"""
BY_POSITION = """
SELECT name, country, region, latitude, longitude, time_zone, population FROM city
WHERE latitude BETWEEN :south AND :north
AND min(abs(longitude - :longitude), 360 - abs(longitude - :longitude)) <= :across
"""


@dataclass(frozen=True, slots=True)
class City:
    """`country` in the two letters of ISO 3166, `region` a US state's name or empty."""

    name: str
    country: str
    region: str
    latitude: float
    longitude: float
    time_zone: str
    population: int

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)


def search_cities(text: str, *, limit: int = 10) -> list[City]:
    """Cities one of whose names begins with `text`, the best first: see _rank.

    After a comma a country's letters or a US state narrow it: "Paris, US", "Portland, Maine".
    """
    name, _, within = text[:LONGEST_NAME].partition(",")
    first = fold_name(name)
    if not first or (first.isascii() and len(first) < SHORTEST_NAME):
        return []
    with _opened() as database:
        rows = database.execute(BY_NAME, {"first": first, "last": first + LAST_CHARACTER})
        found = [(City(*row), bool(is_exact)) for is_exact, *row in rows]
    best = sorted(found, key=lambda one: _rank(first, *one))
    return list(_take(_narrow((city for city, _ in best), fold_name(within)), limit))


def find_nearest_city(latitude: float, longitude: float, *, within_km: float = 50) -> City | None:
    """Degrees; None where no city of 15,000 people is so near."""
    point = Point(latitude, longitude)
    with _opened() as database:
        rows = database.execute(BY_POSITION, box_around(point, within_km)._asdict())
        cities = [City(*row) for row in rows]
    nearest = min(cities, key=lambda city: distance_km(city.point, point), default=None)
    if nearest is None or distance_km(nearest.point, point) > within_km:
        return None
    return nearest


def _rank(first: str, city: City, is_exact: bool) -> tuple[int, int]:
    """Called exactly so; well known by exactly that name; with a word that begins so; the others.

    `is_exact`: one of its names, in whatever language, is `first`. The largest first in each.
    """
    name = fold_name(city.name)
    if name == first:
        rank = 0
    elif is_exact and city.population >= WELL_KNOWN:
        rank = 1
    else:
        rank = 2 if f" {first}" in f" {name}" else 3
    return rank, -city.population


@contextmanager
def _opened() -> Iterator[sqlite3.Connection]:
    """Each time anew, which takes a tenth of a millisecond, so that threads share nothing."""
    with closing(sqlite3.connect(f"{CITIES.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        yield database


def _narrow(cities: Iterable[City], within: str) -> Iterator[City]:
    for city in cities:
        if not within or within in (fold_name(city.country), fold_name(city.region)):
            yield city


def _take(cities: Iterable[City], limit: int) -> Iterator[City]:
    for _, city in zip(range(limit), cities, strict=False):
        yield city
