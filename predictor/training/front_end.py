"""The part of the graph that makes features: raw physical units in, NaN where unknown.

Only sums, products and comparisons that LiteRT has too. Latitude enters through the season's
sign alone: as a number it would become a climate label that fails at unseen places.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import tensorflow as tf

from predictor import contract
from predictor.features import Floats

Tensor = Any  # tf.Tensor; TensorFlow ships no types

# Hours before the window's end whose mean makes one feature: fine near the end, coarse far off.
LAG_BINS = (
    (0,),
    (1,),
    (2,),
    (3,),
    (4, 5),
    (6, 7, 8),
    (9, 11),
    (12, 14),
    (15, 17),
    (18, 20),
    (21, 23),
)
SUM_HOURS = (2, 3, 6, 12, 24)
# A ramp from half of each amount up to it: hard steps would know one gauge's 0.1 mm only.
RAMP_TOPS_MM = (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 4.0)
RAMP_HOURS = 3
DRY_SPELL_SCALES_H = (1.5, 4.0, 10.0, 24.0)
FULL_SEASON_LATITUDE_DEG = 15.0  # nearer the equator the season's sign fades
COLDEST_DAY = 15.0  # of the year, in the north
DAYS_PER_YEAR = 365.25
CALM_MS = 0.05

# What stands for an unknown level: 0 hPa would stretch the scale until pressure says nothing.
TYPICAL_LEVELS = {"temperature_c": 12.0, "dew_point_c": 6.0, "pressure_msl_hpa": 1013.0}


def make_features(hours: Tensor, context: Tensor) -> Tensor:
    """(n, 24, 6), (n, 4) -> (n, features)."""
    known = tf.cast(tf.equal(hours, hours), tf.float32)  # NaN differs from itself
    filled = tf.where(tf.equal(hours, hours), hours, tf.zeros_like(hours))
    series = _make_series(filled, known)
    parts = [
        *_describe_state(series),
        *_describe_course(series),
        *_describe_rain(*series["rain"]),
        *_describe_gaps(series),
        *_describe_time(context),
    ]
    return tf.concat(parts, axis=1)


def _make_series(filled: Tensor, known: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
    """Name -> values and whether known, both (n, 24); unknown values are 0."""
    is_known = {f.name: known[:, :, index] for index, f in enumerate(contract.FEATURES)}
    value = {
        f.name: filled[:, :, index] - known[:, :, index] * TYPICAL_LEVELS.get(f.name, 0.0)
        for index, f in enumerate(contract.FEATURES)
    }
    both = is_known["temperature_c"] * is_known["dew_point_c"]
    calm = tf.cast(value["wind_speed_ms"] < CALM_MS, tf.float32) * is_known["wind_speed_ms"]
    blows = is_known["wind_speed_ms"] * is_known["wind_direction_deg"]
    angle = value["wind_direction_deg"] * (math.pi / 180.0)
    wind = tf.maximum(blows, calm)
    return {
        "temperature": (value["temperature_c"], is_known["temperature_c"]),
        "spread": ((filled[:, :, 0] - filled[:, :, 1]) * both, both),
        "dew": (value["dew_point_c"], is_known["dew_point_c"]),
        "pressure": (value["pressure_msl_hpa"], is_known["pressure_msl_hpa"]),
        "speed": (value["wind_speed_ms"], is_known["wind_speed_ms"]),
        "from_east": (value["wind_speed_ms"] * tf.sin(angle) * blows, wind),
        "from_north": (value["wind_speed_ms"] * tf.cos(angle) * blows, wind),
        "rain": (value["precipitation_mm"], is_known["precipitation_mm"]),
    }


def _describe_state(series: dict[str, tuple[Tensor, Tensor]]) -> list[Tensor]:
    """The newest known value of each series; moisture also as vapour pressure."""
    names = ("temperature", "spread", "dew", "pressure", "speed", "from_east", "from_north")
    newest = {name: _take_newest(*series[name]) for name in names}
    vapour = tf.exp(newest["dew"] * 0.06)
    return [*newest.values(), vapour, tf.exp(newest["spread"] * -0.3)]


def _describe_course(series: dict[str, tuple[Tensor, Tensor]]) -> list[Tensor]:
    """How each series came here: bin means, those of levels relative to the newest value."""
    relative = [
        _average_bins(values - _take_newest(values, known), known)[:, 1:]
        for values, known in (series[name] for name in ("temperature", "dew", "pressure"))
    ]
    absolute = [
        _average_bins(*series[name]) for name in ("spread", "speed", "from_east", "from_north")
    ]
    return [*relative, *absolute]


def _describe_rain(values: Tensor, known: Tensor) -> list[Tensor]:
    amount = tf.math.log1p(values * 2.0)
    wet = tf.clip_by_value(values * (2.0 / contract.WET_HOUR_MM) - 1.0, 0.0, 1.0)
    recent = values[:, -RAMP_HOURS:]
    ramps = [tf.clip_by_value(recent * (2.0 / top) - 1.0, 0.0, 1.0) for top in RAMP_TOPS_MM]
    sums = tf.matmul(values, tf.constant(_sum_matrix()))
    wet_hours = tf.matmul(wet, tf.constant(_sum_matrix()))
    dry_hours = _count_since(wet)
    return [
        _average_bins(amount, known),
        _average_bins(wet, known),
        *ramps,
        tf.math.log1p(sums * 2.0),
        wet_hours,
        *(tf.exp(dry_hours * (-1.0 / scale)) for scale in DRY_SPELL_SCALES_H),
        tf.math.log1p(tf.reduce_max(values, axis=1, keepdims=True) * 2.0),
    ]


def _describe_gaps(series: dict[str, tuple[Tensor, Tensor]]) -> list[Tensor]:
    names = ("temperature", "dew", "pressure", "from_east", "rain")
    return [tf.matmul(1.0 - series[name][1], tf.constant(_gap_matrix())) for name in names]


def _describe_time(context: Tensor) -> list[Tensor]:
    """The sun's hour and the season, turned over in the south."""
    latitude, longitude, utc_hour, day = (context[:, i : i + 1] for i in range(4))
    sun = (utc_hour + longitude * (1.0 / 15.0)) * (2.0 * math.pi / 24.0)
    season = (day - COLDEST_DAY) * (2.0 * math.pi / DAYS_PER_YEAR)
    side = tf.clip_by_value(latitude * (1.0 / FULL_SEASON_LATITUDE_DEG), -1.0, 1.0)
    return [
        *(wave(sun * order) for order in (1.0, 2.0) for wave in (tf.sin, tf.cos)),
        tf.sin(season) * side,
        tf.cos(season) * side,
    ]


def _take_newest(values: Tensor, known: Tensor) -> Tensor:
    """(n, 24) -> (n, 1): the last known value, 0 if there is none."""
    known_later = tf.matmul(known, tf.constant(_later_matrix()))
    is_newest = known * tf.cast(known_later < 0.5, tf.float32)
    return tf.reduce_sum(values * is_newest, axis=1, keepdims=True)


def _count_since(wet: Tensor) -> Tensor:
    """(n, 24) -> (n, 1): hours since the last wet hour, 24 if there is none."""
    wet_from_here = tf.matmul(wet, tf.constant(_later_matrix())) + wet
    return tf.reduce_sum(tf.cast(wet_from_here < 0.5, tf.float32), axis=1, keepdims=True)


def _average_bins(values: Tensor, known: Tensor) -> Tensor:
    """(n, 24) -> (n, bins): mean of what is known, 0 where nothing is."""
    bins = tf.constant(_bin_matrix())
    return tf.matmul(values * known, bins) / tf.maximum(tf.matmul(known, bins), 1.0)


def _later_matrix() -> Floats:
    """matmul(x, this)[t] = the sum of x over the hours after t."""
    size = contract.WINDOW_HOURS
    return np.tril(np.ones((size, size), dtype=np.float32), k=-1)


def _bin_matrix() -> Floats:
    matrix = np.zeros((contract.WINDOW_HOURS, len(LAG_BINS)), dtype=np.float32)
    for column, lags in enumerate(LAG_BINS):
        first_row = contract.WINDOW_HOURS - 1 - lags[-1]
        matrix[first_row : contract.WINDOW_HOURS - lags[0], column] = 1.0
    return matrix


def _sum_matrix() -> Floats:
    matrix = np.zeros((contract.WINDOW_HOURS, len(SUM_HOURS)), dtype=np.float32)
    for column, hours in enumerate(SUM_HOURS):
        matrix[-hours:, column] = 1.0
    return matrix


def _gap_matrix() -> Floats:
    """Share of unknown hours: the newest hour, the last 6, the 18 before."""
    matrix = np.zeros((contract.WINDOW_HOURS, 3), dtype=np.float32)
    matrix[-1, 0] = 1.0
    matrix[-contract.RECENT_HOURS :, 1] = 1.0 / contract.RECENT_HOURS
    matrix[: -contract.RECENT_HOURS, 2] = 1.0 / (contract.WINDOW_HOURS - contract.RECENT_HOURS)
    return matrix
