"""Fits networks to cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from predictor import contract
from predictor.features import Floats
from predictor.training.blank import blank_inputs
from predictor.training.cases import Cases, Indices
from predictor.training.front_end import make_features
from predictor.training.network import (
    Network,
    Scaling,
    average_members,
    build_network,
    compute_logits,
    scale_features,
)
from predictor.training.optimizer import Optimizer, Pace
from predictor.training.recipes import Recipe

Tensor = Any
Step = Callable[[Floats, Floats, Floats, int], Tensor]
Batch = tuple[Indices, Indices]  # window ends, and how long a record each knows
Fitted = dict[Recipe, tuple[list[Network], Scaling]]
Targets = Callable[[Indices], Floats]  # (n,) -> (n, 26), NaN unknown

SCALING_CASES = 50_000
ASKED_AT_ONCE = 8_192
# Least spread that a feature is divided by: rare ones must not become huge when they do occur.
LEAST_SPREAD = 0.1
ANY_WEIGHTS = (4.0, 4.0)
NEAR_ANY_WEIGHTS = (1.0, 0.3)
NEAR_SEEDS = 500  # far from those of the other networks
# How often a window comes with each of CLIMATE_DAYS, and with no climate at all.
RECORD_SHARES = (0.6, 0.15, 0.1, 0.15)


@dataclass(frozen=True, slots=True)
class Start:
    """One network before it is fitted."""

    hidden: tuple[int, ...]
    is_near: bool
    seed: int


def fit_members(
    train: Cases, recipe: Recipe, seed: int, fitted: Fitted | None = None
) -> tuple[list[Network], Scaling]:
    """The recipe's networks, each from its own random start, with one common scaling.

    `fitted` remembers: the teacher of one model may be another model.
    """
    remembered = {} if fitted is None else fitted
    if recipe not in remembered:
        scaling = measure_scaling(train, seed)
        targets: Targets = train.targets
        if recipe.teacher:
            teachers, _ = fit_members(train, recipe.teacher, seed, remembered)
            thought = ask_members(teachers, scaling, train)
            targets = mix_targets(train, thought, recipe.teacher_share)
        remembered[recipe] = fit_networks(train, recipe, seed, scaling, targets), scaling
    return remembered[recipe]


def plan_starts(recipe: Recipe, seed: int) -> list[Start]:
    """The networks of a recipe, each with a seed of its own."""
    far = [Start(recipe.hidden, False, seed * 1000 + n) for n in range(recipe.members)]
    near = [
        Start(recipe.near_hidden, True, seed * 1000 + NEAR_SEEDS + n)
        for n in range(recipe.near_members)
    ]
    return far + near


def ask_members(members: list[Network], scaling: Scaling, cases: Cases) -> Floats:
    """(cases, 26): the members' probabilities, without blanks."""

    def ask(hours: Tensor, context: Tensor) -> Tensor:
        return average_members(members, scale_features(hours, context, scaling))

    traced = tf.function(ask, autograph=False, reduce_retracing=True)
    parts = np.array_split(cases.ends, max(1, len(cases.ends) // ASKED_AT_ONCE))
    answers = [traced(cases.windows(part), cases.context(part)).numpy() for part in parts]
    return np.concatenate(answers)


def mix_targets(train: Cases, thought: Floats, share: float) -> Targets:
    """What happened, mixed with what the teacher thought; unknown stays unknown."""
    by_row = np.zeros(len(train.grid), dtype=np.int64)
    by_row[train.ends] = np.arange(len(train.ends))

    def mix(ends: Indices) -> Floats:
        mixed: Floats = (1.0 - share) * train.targets(ends) + share * thought[by_row[ends]]
        return mixed

    return mix


def measure_scaling(train: Cases, seed: int) -> Scaling:
    """Over windows with blanks, as the network will see them."""
    count = min(SCALING_CASES, len(train.ends))
    random = np.random.default_rng(seed)
    ends = random.choice(train.ends, count, replace=False)
    context = train.context(ends, _draw_records(random, count))
    hours = blank_inputs(tf.constant(train.windows(ends)), tf.constant(seed))
    features = make_features(hours, tf.constant(context)).numpy()
    return Scaling(features.mean(axis=0), np.maximum(features.std(axis=0), LEAST_SPREAD))


def fit_networks(
    train: Cases, recipe: Recipe, seed: int, scaling: Scaling, targets: Targets
) -> list[Network]:
    """Side by side on the same batches: making their features costs as much as fitting two."""
    starts = plan_starts(recipe, seed)
    networks = [build_network(scaling, start.hidden, start.seed, start.is_near) for start in starts]
    steps = -(-len(train.ends) // recipe.batch_size) * recipe.epochs
    variables = [variable for network in networks for variable in network.variables]
    optimizer = Optimizer(variables, Pace(steps=steps))
    step = _make_step(networks, optimizer, recipe, scaling, seed)
    progress = tqdm(_draw_batches(train.ends, recipe, seed), total=steps, unit="batch")
    for number, (ends, records) in enumerate(progress):
        loss = step(train.windows(ends), train.context(ends, records), targets(ends), number)
        if number % 100 == 0:
            progress.set_postfix(loss=f"{float(loss) / len(networks):.4f}")
    for variable, average in zip(variables, optimizer.read_average(), strict=True):
        variable.assign(average)
    return networks


def weigh_targets(is_near: bool) -> Floats:
    """(26,): near hours and the any-heads count more; for a near network the first hours do."""
    hours = np.arange(1, contract.LEAD_HOURS + 1)
    hourly = 0.05 + 10.0 / hours**2 if is_near else 0.6 + 6.0 / hours
    weights = np.concatenate([hourly, NEAR_ANY_WEIGHTS if is_near else ANY_WEIGHTS])
    shares: Floats = (weights / weights.sum()).astype(np.float32)
    return shares


def _make_step(
    networks: list[Network], optimizer: Optimizer, recipe: Recipe, scaling: Scaling, seed: int
) -> Step:
    """Each network's loss depends on its own variables only: their sum fits all of them."""
    variables = [variable for network in networks for variable in network.variables]
    weights = [tf.constant(weigh_targets(network.is_near)) for network in networks]

    def step(hours: Tensor, context: Tensor, targets: Tensor, number: Tensor) -> Tensor:
        draw = number + seed * 1_000_003
        features = scale_features(blank_inputs(hours, draw), context, scaling)
        with tf.GradientTape() as tape:
            losses = [
                _compute_loss(
                    compute_logits(network, features, recipe.dropout, draw + 1_000 * index),
                    targets,
                    weights[index],
                )
                for index, network in enumerate(networks)
            ]
            loss = tf.add_n(losses)
        optimizer.apply(tape.gradient(loss, variables), number)
        return loss

    traced = tf.function(step, reduce_retracing=True, autograph=False)
    return lambda hours, context, targets, number: traced(
        hours, context, targets, tf.constant(number)
    )


def _compute_loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Log loss over the known targets."""
    known = tf.cast(tf.equal(targets, targets), tf.float32)
    truth = tf.where(tf.equal(targets, targets), targets, tf.zeros_like(targets))
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=truth, logits=logits)
    return tf.reduce_sum(losses * known * weights) / tf.cast(tf.shape(logits)[0], tf.float32)


def _draw_batches(ends: Indices, recipe: Recipe, seed: int) -> Iterator[Batch]:
    random = np.random.default_rng(seed)
    for _ in range(recipe.epochs):
        order = random.permutation(ends)
        records = _draw_records(random, len(order))
        yield from (
            (order[start : start + recipe.batch_size], records[start : start + recipe.batch_size])
            for start in range(0, len(order), recipe.batch_size)
        )


def _draw_records(random: np.random.Generator, count: int) -> Indices:
    return random.choice(len(RECORD_SHARES), count, p=RECORD_SHARES)
