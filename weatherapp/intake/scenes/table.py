"""The table of past weather: how it is stored, and held in memory."""

from __future__ import annotations

import csv
import gzip
import math
from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

TABLE_PATH = Path(__file__).parent / "new_york_2013.csv.gz"
VALUE_NAMES = (
    "temperature_c",
    "dew_point_c",
    "pressure_msl_hpa",
    "wind_speed_ms",
    "wind_direction_deg",
    "precipitation_mm",
)
COLUMNS = ("station", "observed_at", *VALUE_NAMES)
HOUR = timedelta(hours=1)
DIGITS = 2  # the table's own; single precision adds noise behind them

Hour = dict[str, float]


class StationHours:
    """One station's hours without a gap from the first to the last: NaN where nothing is known.

    Single precision in one array: 24 bytes an hour, where objects would take 400.
    """

    def __init__(self, first_at: datetime) -> None:
        self.first_at = first_at
        self._values = array("f")

    @property
    def last_at(self) -> datetime:
        """The newest hour."""
        return self.first_at + HOUR * (len(self._values) // len(VALUE_NAMES) - 1)

    def append(self, observed_at: datetime, values: Iterable[float]) -> None:
        """Add an hour later than all others, and the empty hours before it."""
        start = self._index(observed_at)
        self._values.extend([math.nan] * (start - len(self._values)))
        self._values.extend(values)

    def read(self, observed_at: datetime) -> Hour | None:
        """What is known of that hour; None when the table has nothing about it."""
        start = self._index(observed_at)
        if start < 0:
            return None
        values = self._values[start : start + len(VALUE_NAMES)]
        if all(math.isnan(value) for value in values):
            return None
        return {
            name: round(value, DIGITS)
            for name, value in zip(VALUE_NAMES, values, strict=True)
            if not math.isnan(value)
        }

    def read_columns(self) -> dict[str, list[float | None]]:
        """All hours by quantity, the first one first; None where nothing is known."""
        width = len(VALUE_NAMES)
        return {
            name: [
                None if math.isnan(value) else round(value, DIGITS)
                for value in self._values[column::width]
            ]
            for column, name in enumerate(VALUE_NAMES)
        }

    def _index(self, observed_at: datetime) -> int:
        return (observed_at - self.first_at) // HOUR * len(VALUE_NAMES)


@cache
def load_table() -> dict[str, StationHours]:
    """Station code -> its hours; read at the first use, then kept."""
    table: dict[str, StationHours] = {}
    for station, observed_at, values in _read_rows(TABLE_PATH):
        table.setdefault(station, StationHours(observed_at)).append(observed_at, values)
    return table


def _read_rows(path: Path) -> Iterator[tuple[str, datetime, list[float]]]:
    with gzip.open(path, "rt", newline="") as file:
        rows = csv.reader(file)
        next(rows)  # COLUMNS
        for station, observed_at, *values in rows:
            yield (
                station,
                datetime.fromisoformat(observed_at),
                [float(value) if value else math.nan for value in values],
            )
