"""The world's feeds of official warnings that this release knows of: catalogue.csv beside this file.

Left out: Australia's Bureau of Meteorology, which forbids such use without its permission; and the
collection of the WMO (Severe Weather Information Centre), whose terms of redistribution are unclear.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("catalogue.csv")
UNKNOWN_LICENCE = "unknown"


@dataclass(frozen=True, slots=True)
class Entry:
    """`countries` are ISO 3166, none for the world; `answered`: when the catalogue was made."""

    key: str
    countries: tuple[str, ...]
    language: str
    kind: str
    interval_s: int
    licence: str
    issuer: str
    address: str
    attribution: str
    answered: bool


def read_catalogue() -> tuple[Entry, ...]:
    """By key. Read anew each time: it is needed once an hour, and nowhere kept."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_make_entry(row) for row in csv.DictReader(file))


def _make_entry(row: Mapping[str, str]) -> Entry:
    return Entry(
        key=row["key"],
        countries=tuple(row["countries"].split()),
        language=row["language"],
        kind=row["kind"],
        interval_s=int(row["interval_s"]),
        licence=row["licence"],
        issuer=row["issuer"],
        address=row["address"],
        attribution=row["attribution"],
        answered=row["answered"] == "yes",
    )
