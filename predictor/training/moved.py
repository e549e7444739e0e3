"""Shows training windows as they might have been at places that do not exist.

From four climates a network learns to recognise those four. Here half of its windows get another
place's instruments and calendar: a coarser rain gauge, a warmer, drier or more sheltered site, any
season. Their climate (contract.CLIMATE) is measured with the same instruments and stays true, so what
the network is told of a place is all that it can go by. Standard term: domain randomisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from predictor import contract
from predictor.features import CONTEXT_NAMES, Floats
from predictor.training.cases import CLIMATE_DAYS, Cases, Indices, label_rain
from predictor.training.climate import RAIN_COLUMN, measure_climate

Tensor = Any

# The least hourly sum that a gauge reports; the first is the station's own, untouched.
GAUGE_EDGES_MM = (contract.WET_HOUR_MM, 0.3, 0.6, 1.2, 2.5)
LEVEL_SPREAD_C = 2.0  # standard deviation of what is added to the temperature, and to the dew point
WIND_SPREAD = 0.6  # standard deviation of the logarithm of what the wind is multiplied by

SHARE_NAMES = ("wet_1h_share", "wet_6h_share", "wet_24h_share")
FIRST_SHARE = contract.CLIMATE_NAMES.index(SHARE_NAMES[0])
TEMPERATURE, DEW_POINT, WIND = (
    contract.FEATURE_NAMES.index(name) for name in ("temperature_c", "dew_point_c", "wind_speed_ms")
)
SHARES = slice(CONTEXT_NAMES.index(SHARE_NAMES[0]), CONTEXT_NAMES.index(SHARE_NAMES[-1]) + 1)


@dataclass(frozen=True, slots=True)
class Gauges:
    """Cases as each of GAUGE_EDGES_MM would have reported them; `gauge` (n,) picks of those."""

    cases: Cases
    shares: Floats  # (rows, gauges, 3, 3): SHARE_NAMES up to this row, by gauge and CLIMATE_DAYS

    def windows(self, ends: Indices, gauge: Indices) -> Floats:
        """(n,) -> (n, 24, 6), oldest first."""
        windows = self.cases.windows(ends)
        windows[:, :, RAIN_COLUMN] = report_rain(windows[:, :, RAIN_COLUMN], gauge)
        return windows

    def context(self, ends: Indices, record: Indices, gauge: Indices) -> Floats:
        """(n,) -> (n, 12), as Cases.context."""
        context = self.cases.context(ends, record)
        shares = self.shares[ends, gauge, np.minimum(record, len(CLIMATE_DAYS) - 1)]
        is_known = np.isfinite(context[:, SHARES])
        context[:, SHARES] = np.where(is_known, shares, np.nan)
        return context

    def targets(self, ends: Indices, gauge: Indices) -> Floats:
        """(n,) -> (n, 26): 1 wet, 0 dry, NaN unknown."""
        return label_rain(report_rain(self.cases.future_rain(ends), gauge))


def measure_gauges(cases: Cases) -> Gauges:
    """Station by station: a climate does not reach into the station before."""
    shares = np.empty(
        (len(cases.grid), len(GAUGE_EDGES_MM), len(CLIMATE_DAYS), len(SHARE_NAMES)), np.float32
    )
    chosen = slice(FIRST_SHARE, FIRST_SHARE + len(SHARE_NAMES))
    for number in range(len(cases.station_names)):
        rows = cases.station_numbers == number
        for gauge in range(len(GAUGE_EDGES_MM)):
            values = cases.grid[rows].copy()
            values[:, RAIN_COLUMN] = report_rain(values[:, RAIN_COLUMN], np.array([gauge]))[0]
            climates = [measure_climate(values, days)[:, chosen] for days in CLIMATE_DAYS]
            shares[rows, gauge] = np.stack(climates, axis=1)
    return Gauges(cases, shares)


def report_rain(rain_mm: Floats, gauge: Indices) -> Floats:
    """(n, hours) or (hours,), by gauge (n,): what stays below its edge is reported as dry."""
    edges = np.array([0.0, *GAUGE_EDGES_MM[1:]], dtype=np.float32)[gauge][:, None]
    return np.where(rain_mm < edges - (contract.WET_HOUR_MM - contract.WET_EDGE_MM), 0.0, rain_mm)


def move_sites(hours: Tensor, context: Tensor, is_moved: Tensor, seed: Tensor) -> tuple[Any, Any]:
    """(n, 24, 6), (n, 12), (n,) 0 or 1 -> the same shapes, with the moved ones' site and season.

    What is added to a series, or multiplied with it, holds for what is usual there too.
    """
    n = tf.shape(is_moved)[0]
    moved = is_moved[:, None]
    warmer = _draw_normal(n, seed, 0) * LEVEL_SPREAD_C * moved
    moister = _draw_normal(n, seed, 1) * LEVEL_SPREAD_C * moved
    windier = tf.exp(_draw_normal(n, seed, 2) * WIND_SPREAD * moved)
    later_days = tf.random.stateless_uniform((n, 1), _make_seed(seed, 3)) * 365.0 * moved
    temperature = hours[:, :, TEMPERATURE] + warmer
    dew_point = hours[:, :, DEW_POINT] + moister
    is_too_moist = tf.cast(dew_point > temperature, tf.float32) * moved > 0.0
    columns = tf.unstack(hours, axis=2)
    columns[TEMPERATURE] = temperature
    columns[DEW_POINT] = tf.where(is_too_moist, temperature, dew_point)
    columns[WIND] = hours[:, :, WIND] * windier
    places = {name: context[:, i : i + 1] for i, name in enumerate(CONTEXT_NAMES)}
    places["usual_temperature_c"] += warmer
    places["usual_dew_point_c"] += moister
    places["usual_wind_speed_ms"] *= windier
    places["day_of_year"] += later_days
    return tf.stack(columns, axis=2), tf.concat(list(places.values()), axis=1)


def _draw_normal(n: Tensor, seed: Tensor, stream: int) -> Tensor:
    return tf.random.stateless_normal((n, 1), _make_seed(seed, stream))


def _make_seed(seed: Tensor, stream: int) -> Tensor:
    return tf.stack([seed, 200 + stream])
