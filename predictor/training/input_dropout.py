"""Blanks inputs at random while training, so that missing ones are normal to the network."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from predictor import contract

Tensor = Any

UNTOUCHED_SHARE = 0.6
COLUMN_SHARE = 0.15  # of the columns of a touched window
MOST_CELLS_SHARE = 0.3
SHORT_SHARE = 0.15  # of the touched windows keep their newest hours only


def drop_inputs(hours: Tensor, seed: Tensor) -> Tensor:
    """(n, 24, 6) -> (n, 24, 6) with NaN for what is taken away."""
    n, size = tf.shape(hours)[0], len(contract.FEATURES)
    column = _draw((n, 1, size), seed, 0) < COLUMN_SHARE
    cells = _draw(tf.shape(hours), seed, 1) < _draw((n, 1, 1), seed, 2) * MOST_CELLS_SHARE
    lost = column | cells | _cut_short(n, seed)
    touched = _draw((n, 1, 1), seed, 3) >= UNTOUCHED_SHARE
    return tf.where(lost & touched, float("nan"), hours)


def _cut_short(n: Tensor, seed: Tensor) -> Tensor:
    """The hours before a random one, in a part of the windows."""
    span = contract.WINDOW_HOURS - contract.RECENT_HOURS
    before = tf.reshape(tf.range(contract.WINDOW_HOURS, dtype=tf.float32), (1, -1, 1))
    is_short = _draw((n, 1, 1), seed, 4) < SHORT_SHARE
    return (before < _draw((n, 1, 1), seed, 5) * span) & is_short


def _draw(shape: Any, seed: Tensor, stream: int) -> Tensor:
    return tf.random.stateless_uniform(shape, tf.stack([seed, 100 + stream]))
