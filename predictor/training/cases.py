"""From stations to cases: which windows can be asked, and what happened after them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from predictor import contract
from predictor.contract import ANY_HOURS
from predictor.features import PLACE_NAMES, Floats, read_clock
from predictor.training.climate import RAIN_COLUMN, measure_climate, sum_past
from predictor.training.observations import Observations, Station, from_hour

Indices = NDArray[np.int64]

TARGET_NAMES = (
    *(f"h{hour}" for hour in range(1, contract.LEAD_HOURS + 1)),
    *(f"any{hours}" for hours in ANY_HOURS),
)
# Serving sends the first. Models are trained on all: a new place has a shorter record, or none.
CLIMATE_DAYS = (contract.CLIMATE_DAYS, 30, 10)


@dataclass(frozen=True, slots=True)
class Cases:
    """Stations laid end to end, and the row of each window's last hour.

    The grid keeps NaN hours between stations, so that no window and no future crosses over.
    """

    grid: Floats  # (rows, 6)
    places: Floats  # (rows, 4): where and when a window is that ends in this row
    climates: Floats  # (rows, 3, 8): what was usual up to this row, by CLIMATE_DAYS
    hours: Indices  # (rows,): hours since 1970
    station_numbers: Indices  # (rows,)
    station_names: tuple[str, ...]
    data_set_numbers: Indices  # (rows,)
    data_set_names: tuple[str, ...]
    ends: Indices  # (cases,): rows

    def pick(self, chosen: NDArray[np.bool_]) -> Cases:
        """The same grid with a part of the cases; `chosen` is (cases,)."""
        parts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return Cases(**{**parts, "ends": self.ends[chosen]})

    def list_stations(self, data_set_number: int) -> list[str]:
        """Names of one data set's stations."""
        of_set = self.station_numbers[self.data_set_numbers == data_set_number]
        return [self.station_names[number] for number in np.unique(of_set)]

    def windows(self, ends: Indices) -> Floats:
        """(n,) -> (n, 24, 6), oldest first."""
        offsets = np.arange(1 - contract.WINDOW_HOURS, 1)
        windows: Floats = self.grid[ends[:, None] + offsets]
        return windows

    def context(self, ends: Indices, record: Indices | int = 0) -> Floats:
        """(n,) -> (n, 12); `record` (n,) picks of CLIMATE_DAYS, one past the last: unknown."""
        climate = self.climates[ends, np.minimum(record, len(CLIMATE_DAYS) - 1)]
        is_unknown = np.broadcast_to(record, ends.shape) >= len(CLIMATE_DAYS)
        climate = np.where(is_unknown[:, None], np.float32(np.nan), climate)
        return np.concatenate([self.places[ends], climate], axis=1)

    def targets(self, ends: Indices) -> Floats:
        """(n,) -> (n, 26): 1 wet, 0 dry, NaN unknown."""
        return label_rain(self.future_rain(ends))

    def future_rain(self, ends: Indices) -> Floats:
        """(n,) -> (n, 24) mm in each hour after the window, NaN unknown."""
        offsets = np.arange(1, contract.LEAD_HOURS + 1)
        rain: Floats = self.grid[ends[:, None] + offsets, RAIN_COLUMN]
        return rain


def make_cases(observations: Iterable[Observations]) -> Cases:
    """Every window that the contract allows and of which some future is known."""
    sets = list(observations)
    stations = [(number, station) for number, one in enumerate(sets) for station in one.stations]
    grid = np.concatenate([_pad(station.values) for _, station in stations])
    hours = np.concatenate([_count_hours(station) for _, station in stations])
    sizes = [len(_pad(station.values)) for _, station in stations]
    return Cases(
        grid=grid,
        places=np.concatenate([_describe_place(station) for _, station in stations]),
        climates=np.concatenate([_measure_climates(station) for _, station in stations]),
        hours=hours,
        station_numbers=np.repeat(np.arange(len(stations)), sizes),
        station_names=tuple(station.name for _, station in stations),
        data_set_numbers=np.repeat([number for number, _ in stations], sizes),
        data_set_names=tuple(one.name for one in sets),
        ends=find_window_ends(grid),
    )


def label_rain(future_mm: Floats) -> Floats:
    """(n, 24) mm -> (n, 26). A wet hour settles `any`; a dry span must be known in full."""
    known = np.isfinite(future_mm)
    wet = np.where(known, future_mm >= contract.WET_EDGE_MM, False)
    hourly = np.where(known, wet, np.nan).astype(np.float32)
    spans = [_label_any(wet[:, :hours], known[:, :hours]) for hours in ANY_HOURS]
    return np.concatenate([hourly, *spans], axis=1)


def find_window_ends(grid: Floats) -> Indices:
    """Rows that may end a window: enough is present (contract) and some future rain is known."""
    present = np.isfinite(grid).astype(np.int64)
    in_window = sum_past(np.sum(present, axis=1), contract.WINDOW_HOURS)
    recent = sum_past(np.max(present, axis=1), contract.RECENT_HOURS)
    future = sum_past(present[:, RAIN_COLUMN], contract.LEAD_HOURS)
    allowed = (in_window >= contract.MIN_PRESENT_VALUES) & (recent >= contract.MIN_RECENT_ROWS)
    allowed[: contract.WINDOW_HOURS - 1] = False
    allowed[-contract.LEAD_HOURS :] = False
    allowed[: -contract.LEAD_HOURS] &= future[contract.LEAD_HOURS :] > 0
    return np.flatnonzero(allowed)


def _label_any(wet: NDArray[np.bool_], known: NDArray[np.bool_]) -> Floats:
    any_wet = wet.any(axis=1)
    settled = any_wet | known.all(axis=1)
    return np.where(settled, any_wet, np.nan).astype(np.float32)[:, None]


def _pad(values: Floats) -> Floats:
    gap = np.full((contract.WINDOW_HOURS, values.shape[1]), np.nan, dtype=np.float32)
    return np.concatenate([gap, values, gap])


def _count_hours(station: Station) -> Indices:
    first = station.first_hour - contract.WINDOW_HOURS
    return np.arange(first, first + len(station.values) + 2 * contract.WINDOW_HOURS)


def _describe_place(station: Station) -> Floats:
    hours = _count_hours(station)
    places = np.empty((len(hours), len(PLACE_NAMES)), dtype=np.float32)
    places[:, 0], places[:, 1] = station.latitude, station.longitude
    places[:, 2:] = [read_clock(from_hour(int(hour))) for hour in hours]
    return places


def _measure_climates(station: Station) -> Floats:
    padded = _pad(station.values)
    return np.stack([measure_climate(padded, days) for days in CLIMATE_DAYS], axis=1)
