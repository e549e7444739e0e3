"""Moves training windows to sites that do not exist: warmer, drier, more sheltered.

What is usual there moves along, so that only departures from it can tell anything; some come in
another season. Standard term: domain randomisation; for the rain see imagined_rain.py.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from predictor import contract
from predictor.features import CONTEXT_NAMES

Tensor = Any

LEVEL_SPREAD_C = 2.0  # standard deviation of what is added to the temperature, and to the dew point
WIND_SPREAD = 0.6  # standard deviation of the logarithm of what the wind is multiplied by
SEASON_SHARE = 0.4  # of the moved windows get another day of the year, too
DAYS_PER_YEAR = 365.0

TEMPERATURE, DEW_POINT, WIND = (
    contract.FEATURE_NAMES.index(name) for name in ("temperature_c", "dew_point_c", "wind_speed_ms")
)


def move_sites(hours: Tensor, context: Tensor, is_moved: Tensor, seed: Tensor) -> tuple[Any, Any]:
    """(n, 24, 6), (n, 12), (n,) 0 or 1 -> the same shapes, the moved ones elsewhere.

    What is added to a series, or multiplied with it, holds for what is usual there too.
    """
    n = tf.shape(is_moved)[0]
    moved = is_moved[:, None]
    warmer = _draw_normal(n, seed, 0) * LEVEL_SPREAD_C * moved
    moister = _draw_normal(n, seed, 1) * LEVEL_SPREAD_C * moved
    windier = tf.exp(_draw_normal(n, seed, 2) * WIND_SPREAD * moved)
    later_days = _draw_uniform(n, seed, 3) * DAYS_PER_YEAR * moved
    later_days *= tf.cast(_draw_uniform(n, seed, 4) < SEASON_SHARE, tf.float32)
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


def _draw_uniform(n: Tensor, seed: Tensor, stream: int) -> Tensor:
    return tf.random.stateless_uniform((n, 1), _make_seed(seed, stream))


def _make_seed(seed: Tensor, stream: int) -> Tensor:
    return tf.stack([seed, 200 + stream])
