"""Fetches training data for your own places: `python -m predictor.training.fetch_history`.

One request a place and year; what is there already is not asked for again, so that a stopped
run goes on where it was.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx2
from tqdm import tqdm

from predictor.training.history_source import (
    ARCHIVE_URL,
    ATTRIBUTION,
    Archive,
    HistoryGarbledError,
    HistoryRefusedError,
    HistoryUnavailableError,
    Place,
    Row,
)
from predictor.training.observations import COLUMNS

FAILURES = (HistoryUnavailableError, HistoryRefusedError, HistoryGarbledError)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    options = _parse_arguments(arguments)
    try:
        with httpx2.Client() as client:
            archive = Archive(client, options.url)
            fetch_history(archive, options.place, options.first, options.last, options.out)
    except FAILURES as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print(f"{options.out}: {ATTRIBUTION}")
    return 0


def fetch_history(
    archive: Archive, places: list[Place], first: date, last: date, out: Path
) -> None:
    """Write `out`, a .csv.gz that training reads. Raises what FAILURES names."""
    parts_folder = out.with_name(f"{out.name}.parts")
    parts_folder.mkdir(parents=True, exist_ok=True)
    asked = [(place, *years) for place in places for years in split_years(first, last)]
    parts = []
    for place, begin, end in tqdm(asked, unit="year"):
        part = parts_folder / f"{_name_part(place)}-{begin}-{end}.csv"
        if not part.exists():
            _write_part(part, place, archive.fetch(place, begin, end))
        parts.append(part)
    _join_parts(parts, out)


def split_years(first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last day of each calendar year of the span."""
    for year in range(first.year, last.year + 1):
        yield max(first, date(year, 1, 1)), min(last, date(year, 12, 31))


def parse_place(text: str) -> Place:
    """`NAME,LATITUDE,LONGITUDE`. Raises ArgumentTypeError."""
    try:
        name, latitude, longitude = text.rsplit(",", 2)
        place = Place(name.strip(), float(latitude), float(longitude))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME,LATITUDE,LONGITUDE") from error
    if not (place.name and abs(place.latitude) <= 90.0 and abs(place.longitude) <= 180.0):
        raise argparse.ArgumentTypeError(f"{text!r} is no place on the globe")
    return place


def _write_part(part: Path, place: Place, rows: list[Row]) -> None:
    beside = part.with_suffix(".new")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for at, *values in rows:
            writer.writerow([place.name, place.latitude, place.longitude, at, *values])
    beside.replace(part)


def _join_parts(parts: list[Path], out: Path) -> None:
    beside = out.with_name(f".{out.name}.new")
    with gzip.open(beside, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(COLUMNS)
        file.writelines(part.read_text(encoding="utf-8") for part in parts)
    beside.replace(out)


def _name_part(place: Place) -> str:
    """Two places of one name are told apart by where they are."""
    plain = re.sub(r"\W+", "_", place.name)
    return f"{plain}_{place.latitude}_{place.longitude}"


def _parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="predictor.training.fetch_history", description=__doc__)
    parser.add_argument(
        "--place", type=parse_place, action="append", required=True, help="NAME,LATITUDE,LONGITUDE"
    )
    parser.add_argument("--first", type=date.fromisoformat, required=True, help="YYYY-MM-DD")
    parser.add_argument("--last", type=date.fromisoformat, required=True, help="YYYY-MM-DD")
    parser.add_argument("--out", type=Path, required=True, help="a file ending in .csv.gz")
    parser.add_argument("--url", default=ARCHIVE_URL)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
