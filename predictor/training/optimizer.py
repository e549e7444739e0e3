"""AdamW with warm-up, a cosine decay and an average over the latest weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

Variable = Any
Tensor = Any


@dataclass(frozen=True, slots=True)
class Pace:
    """How far each step goes."""

    steps: int
    peak_rate: float = 2e-3
    warm_up_share: float = 0.05  # of the steps
    weight_decay: float = 0.02
    momentum: float = 0.9
    square_momentum: float = 0.999
    averaging: float = 0.998
    epsilon: float = 1e-7


class Optimizer:
    """Keeps its state in variables, so that a step can run inside a tf.function."""

    def __init__(self, variables: list[Variable], pace: Pace) -> None:
        self._variables = variables
        self._pace = pace
        self._means = [tf.Variable(tf.zeros_like(variable)) for variable in variables]
        self._squares = [tf.Variable(tf.zeros_like(variable)) for variable in variables]
        self._averages = [tf.Variable(variable) for variable in variables]

    def apply(self, gradients: list[Tensor], step: Tensor) -> None:
        """One step; `step` counts from 0."""
        pace = self._pace
        done = tf.cast(step, tf.float32) + 1.0
        rate = self._rate(done)
        correction = tf.sqrt(1.0 - pace.square_momentum**done) / (1.0 - pace.momentum**done)
        for index, gradient in enumerate(gradients):
            variable, mean, square = self._state(index)
            mean.assign_add((gradient - mean) * (1.0 - pace.momentum))
            square.assign_add((gradient * gradient - square) * (1.0 - pace.square_momentum))
            decay = pace.weight_decay if len(variable.shape) > 1 else 0.0
            change = correction * mean / (tf.sqrt(square) + pace.epsilon) + decay * variable
            variable.assign_sub(rate * change)
        self._average(done)

    def read_average(self) -> list[np.ndarray[Any, np.dtype[np.float32]]]:
        """The averaged weights, in the variables' order."""
        return [average.numpy() for average in self._averages]

    def _state(self, index: int) -> tuple[Variable, Variable, Variable]:
        return self._variables[index], self._means[index], self._squares[index]

    def _rate(self, done: Tensor) -> Tensor:
        pace = self._pace
        warm = tf.minimum(done / (pace.warm_up_share * pace.steps), 1.0)
        return pace.peak_rate * warm * 0.5 * (1.0 + tf.cos(np.pi * done / pace.steps))

    def _average(self, done: Tensor) -> None:
        """Young averages follow fast: they must forget the random start."""
        keep = tf.minimum(self._pace.averaging, done / (done + 10.0))
        for average, variable in zip(self._averages, self._variables, strict=True):
            average.assign_add((variable - average) * (1.0 - keep))
