"""Reads hourly surface observations (CSV, also gzipped) and says what it could not use."""

from __future__ import annotations

import csv
import gzip
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from predictor import contract
from predictor.features import Floats

PLACE_COLUMNS = ("station", "latitude", "longitude", "time_utc")
COLUMNS = PLACE_COLUMNS + contract.FEATURE_NAMES
OPTIONAL_COLUMNS = ("humidity_pct",)
SECONDS_PER_HOUR = 3600

# One value in fifty outside physical bounds is no outlier any more but another unit.
MAX_IMPLAUSIBLE_SHARE = 0.02
# A mean wind above this for one hour in a hundred: knots or km/h.
MAX_USUAL_WIND_MS = 40.0
USUAL_SHARE = 0.99
# A dew point cannot exceed the temperature, but instruments round.
DEW_POINT_TOLERANCE_C = 1.0


class ObservationsError(ValueError):
    """A file is not what the schema says. The message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Station:
    """One station's complete hourly grid, oldest first, NaN where unknown."""

    name: str
    latitude: float
    longitude: float
    first_hour: int  # hours since 1970-01-01T00Z
    values: Floats  # (hours, 6), columns as contract.FEATURES


@dataclass(frozen=True, slots=True)
class Observations:
    """One file: its stations, and what was dropped while reading it."""

    name: str  # the file's stem
    path: Path
    stations: tuple[Station, ...]
    rows: int
    dropped: dict[str, int]  # reason -> count


@dataclass(slots=True)
class _Sheet:
    """One station while its file is read."""

    latitude: float
    longitude: float
    hours: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("f"))


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The CSV files that `paths` name, folders opened. Raises ObservationsError."""
    found: list[Path] = []
    for path in paths:
        files = sorted([*path.glob("*.csv"), *path.glob("*.csv.gz")]) if path.is_dir() else [path]
        if not files or not files[0].is_file():
            raise ObservationsError(f"{path}: no observations there (*.csv or *.csv.gz)")
        found.extend(files)
    return found


def read_observations(path: Path) -> Observations:
    """Read and check one file. Raises ObservationsError."""
    dropped: Counter[str] = Counter()
    sheets: dict[str, _Sheet] = {}
    try:
        with _open_text(path) as lines:
            rows = _read_rows(path, lines, sheets, dropped)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise ObservationsError(f"{path}: cannot be read: {error}") from error
    if not sheets:
        raise ObservationsError(f"{path}: holds no usable row")
    _drop_implausible(path, sheets, dropped)
    stations = tuple(_make_grid(name, sheets[name], dropped) for name in sorted(sheets))
    return Observations(name_file(path), path, stations, rows, dict(dropped))


def name_file(path: Path) -> str:
    """The file's name without .csv or .csv.gz."""
    return path.name.removesuffix(".gz").removesuffix(".csv")


def to_hour(at: datetime) -> int:
    """Hours since 1970-01-01T00Z."""
    return int(at.timestamp()) // SECONDS_PER_HOUR


def from_hour(hour: int) -> datetime:
    """Aware UTC."""
    return datetime.fromtimestamp(hour * SECONDS_PER_HOUR, tz=UTC)


def _open_text(path: Path) -> TextIO:
    if path.name.endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _read_rows(path: Path, lines: TextIO, sheets: dict[str, _Sheet], dropped: Counter[str]) -> int:
    reader = csv.reader(lines)
    order = _order_columns(path, next(reader, []))
    rows = 0
    for cells in reader:
        rows += 1
        try:
            _read_row(sheets, [cells[index] for index in order])
        except (ValueError, IndexError) as error:
            dropped[_say_reason(error)] += 1
    if rows and not sheets:
        raise ObservationsError(f"{path}: none of {rows} rows can be read: {dict(dropped)}")
    return rows


def _order_columns(path: Path, header: Sequence[str]) -> list[int]:
    names = [name.strip() for name in header]
    missing = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name not in COLUMNS + OPTIONAL_COLUMNS]
    if missing or unknown:
        raise ObservationsError(
            f"{path}: wrong columns; missing: {', '.join(missing) or 'none'}; "
            f"unknown: {', '.join(unknown) or 'none'} (names carry their units)"
        )
    return [names.index(name) for name in COLUMNS]


def _read_row(sheets: dict[str, _Sheet], cells: list[str]) -> None:
    station, latitude, longitude, time_utc, *texts = cells
    values = [float(text) if text else math.nan for text in texts]
    hour = _read_hour(time_utc)
    if station not in sheets:
        sheets[station] = _Sheet(*_read_place(latitude, longitude))
    sheets[station].hours.append(hour)
    sheets[station].values.extend(values)


def _read_place(latitude: str, longitude: str) -> tuple[float, float]:
    place = float(latitude), float(longitude)
    if not (abs(place[0]) <= 90.0 and abs(place[1]) <= 180.0):
        raise ValueError("place outside the globe")
    return place


def _read_hour(time_utc: str) -> int:
    at = datetime.fromisoformat(time_utc)
    if at.tzinfo is None:
        raise ValueError("time without zone")
    if at.minute or at.second:
        raise ValueError("time off the hourly grid")
    return to_hour(at)


def _say_reason(error: Exception) -> str:
    reason = str(error)
    if reason in ("place outside the globe", "time without zone", "time off the hourly grid"):
        return reason
    return "row that cannot be read"


def _drop_implausible(path: Path, sheets: dict[str, _Sheet], dropped: Counter[str]) -> None:
    """Blank what is outside physical bounds; refuse the file when that is no exception."""
    columns = np.concatenate([_to_matrix(sheet) for sheet in sheets.values()])
    for index, feature in enumerate(contract.FEATURES):
        _check_unit(path, feature, columns[:, index])
    _check_moisture(path, columns)
    for sheet in sheets.values():
        values = _to_matrix(sheet)
        outside = np.isfinite(values) & ~_is_plausible(values)
        values[outside] = np.nan
        sheet.values = array("f", values.tobytes())
        for index, name in enumerate(contract.FEATURE_NAMES):
            if outside[:, index].any():
                dropped[f"implausible {name}"] += int(outside[:, index].sum())


def _check_unit(path: Path, feature: contract.Feature, column: Floats) -> None:
    known = column[np.isfinite(column)]
    outside = known[(known < feature.low) | (known > feature.high)]
    if outside.size > MAX_IMPLAUSIBLE_SHARE * known.size:
        raise ObservationsError(
            f"{path}: {outside.size} of {known.size} values of {feature.name} are outside "
            f"{feature.low:g} to {feature.high:g} (e.g. {outside[0]:g}): another unit?"
        )
    if feature.name == "wind_speed_ms" and known.size:
        usual = float(np.quantile(known, USUAL_SHARE))
        if usual > MAX_USUAL_WIND_MS:
            raise ObservationsError(
                f"{path}: one wind_speed_ms in a hundred is above {usual:g}: knots or km/h?"
            )


def _check_moisture(path: Path, columns: Floats) -> None:
    excess = columns[:, 1] - columns[:, 0]
    known = np.isfinite(excess)
    above = int((excess[known] > DEW_POINT_TOLERANCE_C).sum())
    if above > MAX_IMPLAUSIBLE_SHARE * max(int(known.sum()), 1):
        raise ObservationsError(
            f"{path}: dew_point_c is above temperature_c in {above} of {int(known.sum())} rows: "
            "columns swapped, or two units?"
        )


def _is_plausible(values: Floats) -> NDArray[np.bool_]:
    low = np.array([feature.low for feature in contract.FEATURES], dtype=np.float32)
    high = np.array([feature.high for feature in contract.FEATURES], dtype=np.float32)
    plausible: NDArray[np.bool_] = (values >= low) & (values <= high)
    return plausible


def _to_matrix(sheet: _Sheet) -> Floats:
    flat = np.frombuffer(sheet.values.tobytes(), dtype=np.float32)
    return flat.reshape(-1, len(contract.FEATURES)).copy()


def _make_grid(name: str, sheet: _Sheet, dropped: Counter[str]) -> Station:
    hours, first_rows = np.unique(np.asarray(sheet.hours, dtype=np.int64), return_index=True)
    if repeated := len(sheet.hours) - len(hours):
        dropped["hour given twice (the first is kept)"] += repeated
    first_hour = int(hours[0])
    shape = (int(hours[-1]) - first_hour + 1, len(contract.FEATURES))
    values = np.full(shape, np.nan, dtype=np.float32)
    values[hours - first_hour] = _to_matrix(sheet)[first_rows]
    return Station(name, sheet.latitude, sheet.longitude, first_hour, values)
