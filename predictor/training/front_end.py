"""The part of the graph that makes features: raw physical units in, NaN where unknown.

Only sums, products and comparisons that LiteRT has too. Latitude enters through the season's
sign alone; temperature, dew point and pressure are held against what is usual at the place. As
plain numbers they would become climate labels that fail at unseen places.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import tensorflow as tf

from predictor import contract
from predictor.features import PLACE_NAMES, Floats

Tensor = Any  # tf.Tensor; TensorFlow ships no types
Series = dict[str, tuple[Tensor, Tensor]]  # name -> values and whether known, both (n, 24)

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

# Until a place has a record of its own: the shares of wet hours and of wet spans of 6 and 24 h that
# are held against it for a while, as many days' worth of hours as PRIOR_DAYS says.
TYPICAL_SHARES = (0.12, 0.22, 0.42)
PRIOR_DAYS = 4.0
LEAST_SHARE = 0.002
USUAL_LEVELS = ("temperature", "dew", "pressure", "speed")
VAPOUR_RATE = 0.06  # per degree of dew point
SATURATION_RATE = -0.3  # per degree of spread

# What stands for an unknown level: 0 hPa would stretch the scale until pressure says nothing.
LEVELS = {"temperature": "temperature_c", "dew": "dew_point_c", "pressure": "pressure_msl_hpa"}
TYPICAL_LEVELS = {"temperature": 12.0, "dew": 6.0, "pressure": 1013.0}


# Columns of make_features: the usual log-odds of a wet hour, of wet spans of 6 and of 24 h.
SHARE_COLUMNS = (0, 1, 2)


def make_features(hours: Tensor, context: Tensor) -> Tensor:
    """(n, 24, 6), (n, 12) -> (n, features)."""
    known = tf.cast(tf.equal(hours, hours), tf.float32)  # NaN differs from itself
    filled = _fill(hours)
    place, climate = context[:, : len(PLACE_NAMES)], context[:, len(PLACE_NAMES) :]
    series = _make_series(filled, known)
    parts = [
        *_describe_climate(climate),
        *_describe_state(series, climate),
        *_describe_course(series),
        *_describe_rain(*series["rain"]),
        *_describe_gaps(series),
        *_describe_time(place),
    ]
    return tf.concat(parts, axis=1)


def _make_series(filled: Tensor, known: Tensor) -> Series:
    """Unknown values are 0."""
    is_known = {f.name: known[:, :, index] for index, f in enumerate(contract.FEATURES)}
    value = {f.name: filled[:, :, index] for index, f in enumerate(contract.FEATURES)}
    both = is_known["temperature_c"] * is_known["dew_point_c"]
    calm = tf.cast(value["wind_speed_ms"] < CALM_MS, tf.float32) * is_known["wind_speed_ms"]
    blows = is_known["wind_speed_ms"] * is_known["wind_direction_deg"]
    angle = value["wind_direction_deg"] * (math.pi / 180.0)
    wind = tf.maximum(blows, calm)
    level = {
        name: (value[column] - is_known[column] * TYPICAL_LEVELS[name], is_known[column])
        for name, column in LEVELS.items()
    }
    return {
        **level,
        "spread": ((value["temperature_c"] - value["dew_point_c"]) * both, both),
        "speed": (value["wind_speed_ms"], is_known["wind_speed_ms"]),
        "from_east": (value["wind_speed_ms"] * tf.sin(angle) * blows, wind),
        "from_north": (value["wind_speed_ms"] * tf.cos(angle) * blows, wind),
        "rain": (value["precipitation_mm"], is_known["precipitation_mm"]),
    }


def _describe_state(series: Series, climate: Tensor) -> list[Tensor]:
    """The newest known value of each series; levels against the usual ones where those are known.

    Where they are not, the levels themselves, in columns of their own.
    """
    newest = [
        _take_newest(*series[name]) for name in ("spread", "speed", "from_east", "from_north")
    ]
    saturation = tf.exp(newest[0] * SATURATION_RATE)
    levels, departures = [], []
    for column, name in enumerate(USUAL_LEVELS):
        level, mean = _take_newest(*series[name]), climate[:, column : column + 1]
        is_usual_known = tf.cast(tf.equal(mean, mean), tf.float32)
        offset = TYPICAL_LEVELS.get(name, 0.0)
        is_level_known = tf.reduce_max(series[name][1], axis=1, keepdims=True)
        departure = level - (_fill(mean) - is_usual_known * offset)
        departures.append(departure * is_usual_known * is_level_known)
        if name != "speed":
            levels.append(level * (1.0 - is_usual_known))
    vapour = tf.exp(levels[1] * VAPOUR_RATE)
    return [*newest, saturation, *levels, vapour, *departures]


def _describe_climate(climate: Tensor) -> list[Tensor]:
    """How often it is wet, as log-odds (SHARE_COLUMNS), and how long the record is."""
    days = _fill(climate[:, -1:])
    log_odds = []
    first = len(USUAL_LEVELS)
    for column, typical in enumerate(TYPICAL_SHARES):
        share = climate[:, first + column : first + column + 1]
        weight = days * tf.cast(tf.equal(share, share), tf.float32)
        mixed = (_fill(share) * weight + typical * PRIOR_DAYS) * (1.0 / (weight + PRIOR_DAYS))
        mixed = tf.clip_by_value(mixed, LEAST_SHARE, 1.0 - LEAST_SHARE)
        log_odds.append(tf.math.log(mixed) - tf.math.log(1.0 - mixed))
    return [
        *log_odds,
        days * (1.0 / contract.CLIMATE_DAYS),
        days * (1.0 / (days + PRIOR_DAYS)),
    ]


def _describe_course(series: Series) -> list[Tensor]:
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


def _describe_gaps(series: Series) -> list[Tensor]:
    names = ("temperature", "dew", "pressure", "from_east", "rain")
    return [tf.matmul(1.0 - series[name][1], tf.constant(_gap_matrix())) for name in names]


def _describe_time(place: Tensor) -> list[Tensor]:
    """The sun's hour and the season, turned over in the south, and the day's course by season."""
    latitude, longitude, utc_hour, day = (place[:, i : i + 1] for i in range(4))
    sun = (utc_hour + longitude * (1.0 / 15.0)) * (2.0 * math.pi / 24.0)
    season = (day - COLDEST_DAY) * (2.0 * math.pi / DAYS_PER_YEAR)
    side = tf.clip_by_value(latitude * (1.0 / FULL_SEASON_LATITUDE_DEG), -1.0, 1.0)
    days = [wave(sun * order) for order in (1.0, 2.0, 3.0) for wave in (tf.sin, tf.cos)]
    years = [tf.sin(season) * side, tf.cos(season) * side]
    # Products: showers of the afternoon belong to the summer.
    return [*days, *years, *(day * year for day in days[:4] for year in years)]


def _fill(values: Tensor) -> Tensor:
    return tf.where(tf.equal(values, values), values, tf.zeros_like(values))


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
