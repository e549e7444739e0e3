"""The network: features -> logits of 24 hours, any of 6, any of 24.

Plain variables and functions: the graph is small, and nothing of it depends on Keras' way of
saving.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import tensorflow as tf

from predictor import contract
from predictor.contract import ANY_HOURS
from predictor.features import Floats
from predictor.training.cases import TARGET_NAMES
from predictor.training.front_end import SHARE_COLUMNS, make_features

Tensor = Any
Variable = Any

# Standard deviations: what lies farther out is no more than "far out" to the network.
CLIP_SD = 6.0
# How much of a target's log-odds the near networks say, where there are any; chosen on validation.
NEAR_SHARES = {
    "h1": 0.85,
    "h2": 0.75,
    "h3": 0.65,
    "h4": 0.5,
    "h5": 0.4,
    "h6": 0.4,
    "any6": 0.4,
}


@dataclass(frozen=True, slots=True)
class Scaling:
    """Mean and spread of each feature over the training windows."""

    mean: Floats
    spread: Floats


@dataclass(frozen=True, slots=True)
class Network:
    """One dense network; `kernels[i]` is (inputs, outputs), `skip` leads straight to the outputs.

    A near network was fitted mostly to the first hours, which one network for all neglects.
    """

    kernels: tuple[Variable, ...]
    biases: tuple[Variable, ...]
    skip: Variable
    is_near: bool = False

    @property
    def variables(self) -> list[Variable]:
        """All that training changes."""
        return [*self.kernels, *self.biases, self.skip]


def build_network(
    scaling: Scaling, hidden: tuple[int, ...], seed: int, is_near: bool = False
) -> Network:
    """Random start, the same for the same seed, from what is usual at the place.

    The linear path begins as the place's own log-odds, so that training learns departures from
    those: what it does not learn then holds at places that it has not seen.
    """
    random = np.random.default_rng(seed)
    sizes = (len(scaling.mean), *hidden, len(TARGET_NAMES))
    kernels = [_start_kernel(random, *pair) for pair in pairwise(sizes)]
    biases = [tf.Variable(tf.zeros(size)) for size in sizes[1:]]
    skip = tf.Variable(_start_skip(scaling))
    return Network(tuple(kernels), tuple(biases), skip, is_near)


def scale_features(hours: Tensor, context: Tensor, scaling: Scaling) -> Tensor:
    """(n, 24, 6), (n, 4) -> (n, features), clipped."""
    scaled = (make_features(hours, context) - scaling.mean) * (1.0 / scaling.spread)
    return tf.clip_by_value(scaled, -CLIP_SD, CLIP_SD)


def compute_logits(
    network: Network, features: Tensor, dropout: float = 0.0, seed: Tensor = 0
) -> Tensor:
    """(n, features) -> (n, 26). Dropout is for training only."""
    last = len(network.kernels) - 1
    flow = features
    for index, (kernel, bias) in enumerate(zip(network.kernels, network.biases, strict=True)):
        flow = tf.matmul(flow, kernel) + bias
        if index < last:
            flow = flow * tf.sigmoid(flow)  # swish
        if dropout and index < last:
            flow = _drop(flow, dropout, seed + index)
    return flow + tf.matmul(features, network.skip)


def average_members(members: list[Network], features: Tensor) -> Tensor:
    """(n, features) -> (n, 26): the mean of the members' log-odds, as probabilities."""
    return to_probabilities(average_log_odds(members, features))


def average_log_odds(members: list[Network], features: Tensor) -> Tensor:
    """(n, features) -> (n, 26): the near networks have their say where they have one."""
    far = _average_logits([member for member in members if not member.is_near], features)
    near_members = [member for member in members if member.is_near]
    if not near_members:
        return far
    near = _average_logits(near_members, features)
    shares = tf.constant([NEAR_SHARES.get(name, 0.0) for name in TARGET_NAMES])
    return far + (near - far) * shares


def to_probabilities(logits: Tensor) -> Tensor:
    """(n, 26) -> (n, 26): any of several hours is at least as likely as each of them."""
    plain = tf.sigmoid(logits)
    hourly = plain[:, : -len(ANY_HOURS)]
    spans = [
        tf.maximum(
            plain[:, index - len(ANY_HOURS) : index - len(ANY_HOURS) + 1 or None],
            tf.reduce_max(hourly[:, :hours], axis=1, keepdims=True),
        )
        for index, hours in enumerate(ANY_HOURS)
    ]
    return tf.concat([hourly, *spans], axis=1)


def _average_logits(members: list[Network], features: Tensor) -> Tensor:
    logits = [compute_logits(member, features) for member in members]
    return tf.add_n(logits) * (1.0 / len(logits))


def _start_kernel(random: np.random.Generator, inputs: int, outputs: int) -> Variable:
    kernel = random.normal(0.0, (2.0 / (inputs + outputs)) ** 0.5, (inputs, outputs))
    return tf.Variable(kernel.astype(np.float32))


def _start_skip(scaling: Scaling) -> Floats:
    skip = np.zeros((len(scaling.mean), len(TARGET_NAMES)), dtype=np.float32)
    for target in range(len(TARGET_NAMES)):
        column = SHARE_COLUMNS[max(0, target - contract.LEAD_HOURS + 1)]
        skip[column, target] = scaling.spread[column]  # features come scaled
    return skip


def _drop(flow: Tensor, share: float, seed: Tensor) -> Tensor:
    keep = tf.random.stateless_uniform(tf.shape(flow), tf.stack([seed, 7])) >= share
    return tf.where(keep, flow * (1.0 / (1.0 - share)), 0.0)
