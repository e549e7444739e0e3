"""Reads a table of places: every mistake with its line and column, not just the first."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from weatherapp.domain.countries import COUNTRIES
from weatherapp.models import Place, Tag
from weatherapp.models.place_checks import check_time_zone
from weatherapp.operations.places_csv.columns import (
    BETWEEN_TAGS,
    COLUMNS,
    COUNTRY,
    LATITUDE,
    LONGITUDE,
    NAME,
    REQUIRED,
    TAGS,
    TIME_ZONE,
    unguard,
)

MOST_ROWS = 20_000
MOST_PROBLEMS = 100
LONGEST_NAME: int = Place._meta.get_field("name").max_length or 0
LONGEST_TAG: int = Tag._meta.get_field("name").max_length or 0
MARKS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` says what is wrong: see templates/operations/place_problem.txt."""

    line: int
    column: str
    code: str
    value: str = ""


class PlacesCsvError(ValueError):
    """Nothing of the table was stored."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} mistakes in the table")
        self.problems = tuple(problems[:MOST_PROBLEMS])
        self.count = len(problems)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """`tags` is None where the table has no such column; empty texts are to be filled in."""

    line: int
    name: str
    latitude: float
    longitude: float
    time_zone: str
    country: str
    tags: tuple[str, ...] | None


def read_places(text: str) -> list[PlaceRow]:
    """Raises PlacesCsvError."""
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise PlacesCsvError([Problem(1, "", "not_text")])
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_find_mark(text), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error:
        raise PlacesCsvError([Problem(reader.line_num, "", "not_csv")]) from None
    filled = [(line, cells) for line, cells in lines if any(cell.strip() for cell in cells)]
    if not filled:
        raise PlacesCsvError([Problem(1, "", "empty")])
    (header_line, header), rows = filled[0], filled[1:]
    names = _read_header(header_line, header)
    if len(rows) > MOST_ROWS:
        raise PlacesCsvError([Problem(rows[MOST_ROWS][0], "", "too_many", str(MOST_ROWS))])
    return _read_rows(names, rows)


def _find_mark(text: str) -> str:
    """Between cells: what the first line has most of."""
    first = text.lstrip().partition("\n")[0]
    return max(MARKS, key=first.count)


def _read_header(line: int, cells: Sequence[str]) -> list[str]:
    names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    problems = [Problem(line, name, "unknown_column") for name in names if name not in COLUMNS]
    problems += [Problem(line, name, "no_column") for name in REQUIRED if name not in names]
    problems += [Problem(line, name, "column_twice") for name in COLUMNS if names.count(name) > 1]
    if problems:
        raise PlacesCsvError(problems)
    return names


def _read_rows(names: Sequence[str], lines: Sequence[tuple[int, Sequence[str]]]) -> list[PlaceRow]:
    rows, problems = [], []
    seen: dict[str, int] = {}
    for line, cells in lines:
        if len(cells) > len(names):
            problems.append(Problem(line, "", "too_many_cells", str(len(names))))
            continue
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        found = list(_find_problems(line, row))
        name = unguard(row.get(NAME, ""))
        if name and name in seen:
            found.append(Problem(line, NAME, "twice", str(seen[name])))
        seen.setdefault(name, line)
        problems += found
        if not found:
            rows.append(_make_row(line, row))
    if problems:
        raise PlacesCsvError(problems)
    return rows


def _find_problems(line: int, row: Mapping[str, str]) -> Iterator[Problem]:
    name = unguard(row.get(NAME, ""))
    if not name:
        yield Problem(line, NAME, "no_name")
    if len(name) > LONGEST_NAME:
        yield Problem(line, NAME, "too_long", str(LONGEST_NAME))
    yield from _find_problems_of_where(line, row)
    if any(len(tag) > LONGEST_TAG for tag in _split_tags(row.get(TAGS, ""))):
        yield Problem(line, TAGS, "too_long", str(LONGEST_TAG))


def _find_problems_of_where(line: int, row: Mapping[str, str]) -> Iterator[Problem]:
    zone, country = row.get(TIME_ZONE, ""), row.get(COUNTRY, "")
    for column, most in ((LATITUDE, 90), (LONGITUDE, 180)):
        degrees = _read_degrees(row.get(column, ""))
        if degrees is None or abs(degrees) > most:
            yield Problem(line, column, column, row.get(column, ""))
    if zone and not _is_zone(zone):
        yield Problem(line, TIME_ZONE, "zone", zone)
    if country and country.upper() not in COUNTRIES:
        yield Problem(line, COUNTRY, "country", country)


def _make_row(line: int, row: Mapping[str, str]) -> PlaceRow:
    latitude, longitude = (_read_degrees(row[column]) for column in (LATITUDE, LONGITUDE))
    return PlaceRow(
        line=line,
        name=unguard(row[NAME]),
        latitude=latitude or 0.0,
        longitude=longitude or 0.0,
        time_zone=row.get(TIME_ZONE, ""),
        country=row.get(COUNTRY, "").upper(),
        tags=_split_tags(row[TAGS]) if TAGS in row else None,
    )


def _read_degrees(text: str) -> float | None:
    """With a point or, as some spreadsheets write it, a comma."""
    try:
        degrees = float(text.replace(",", ".").replace("\u2212", "-"))
    except ValueError:
        return None
    return degrees if math.isfinite(degrees) else None


def _split_tags(text: str) -> tuple[str, ...]:
    names = (name.strip() for name in unguard(text).split(BETWEEN_TAGS))
    return tuple({name.casefold(): name for name in names if name}.values())


def _is_zone(name: str) -> bool:
    try:
        check_time_zone(name)
    except ValidationError:
        return False
    return True
