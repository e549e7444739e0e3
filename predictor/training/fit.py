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
Fitted = dict[Recipe, tuple[list[Network], Scaling]]
Targets = Callable[[Indices], Floats]  # (n,) -> (n, 26), NaN unknown

SCALING_CASES = 50_000
ASKED_AT_ONCE = 8_192
# Least spread that a feature is divided by: rare ones must not become huge when they do occur.
LEAST_SPREAD = 0.1
ANY_WEIGHTS = (4.0, 4.0)
NEAR_ANY_WEIGHTS = (1.0, 0.3)
NEAR_SEEDS = 500  # far from those of the other networks


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
        members = [
            fit_network(train, each, recipe, scaling, targets) for each in plan_starts(recipe, seed)
        ]
        remembered[recipe] = members, scaling
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
    answers = [traced(cases.windows(part), cases.context[part]).numpy() for part in parts]
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
    ends = np.random.default_rng(seed).choice(train.ends, count, replace=False)
    hours = blank_inputs(tf.constant(train.windows(ends)), tf.constant(seed))
    features = make_features(hours, tf.constant(train.context[ends])).numpy()
    return Scaling(features.mean(axis=0), np.maximum(features.std(axis=0), LEAST_SPREAD))


def fit_network(
    train: Cases, start: Start, recipe: Recipe, scaling: Scaling, targets: Targets
) -> Network:
    """One network with the average of its latest weights."""
    seed = start.seed
    steps_per_epoch = -(-len(train.ends) // recipe.batch_size)
    network = build_network(len(scaling.mean), start.hidden, seed, start.is_near)
    optimizer = Optimizer(network.variables, Pace(steps=steps_per_epoch * recipe.epochs))
    step = _make_step(network, optimizer, recipe, scaling, seed)
    batches = _draw_batches(train.ends, recipe, seed)
    progress = tqdm(
        batches, total=steps_per_epoch * recipe.epochs, unit="batch", desc=f"seed {seed}"
    )
    for number, ends in enumerate(progress):
        loss = step(train.windows(ends), train.context[ends], targets(ends), number)
        if number % 100 == 0:
            progress.set_postfix(loss=f"{float(loss):.4f}")
    for variable, average in zip(network.variables, optimizer.read_average(), strict=True):
        variable.assign(average)
    return network


def weigh_targets(is_near: bool) -> Floats:
    """(26,): near hours and the any-heads count more; for a near network the first hours do."""
    hours = np.arange(1, contract.LEAD_HOURS + 1)
    hourly = 0.05 + 10.0 / hours**2 if is_near else 0.6 + 6.0 / hours
    weights = np.concatenate([hourly, NEAR_ANY_WEIGHTS if is_near else ANY_WEIGHTS])
    shares: Floats = (weights / weights.sum()).astype(np.float32)
    return shares


def _make_step(
    network: Network, optimizer: Optimizer, recipe: Recipe, scaling: Scaling, seed: int
) -> Step:
    weights = tf.constant(weigh_targets(network.is_near))

    def step(hours: Tensor, context: Tensor, targets: Tensor, number: Tensor) -> Tensor:
        draw = number + seed * 1_000_003
        with tf.GradientTape() as tape:
            features = scale_features(blank_inputs(hours, draw), context, scaling)
            logits = compute_logits(network, features, recipe.dropout, draw)
            loss = _compute_loss(logits, targets, weights)
        optimizer.apply(tape.gradient(loss, network.variables), number)
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


def _draw_batches(ends: Indices, recipe: Recipe, seed: int) -> Iterator[Indices]:
    random = np.random.default_rng(seed)
    for _ in range(recipe.epochs):
        order = random.permutation(ends)
        yield from (
            order[start : start + recipe.batch_size]
            for start in range(0, len(order), recipe.batch_size)
        )
