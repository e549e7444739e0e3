"""Fits networks to cases."""

from __future__ import annotations

import time
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
Fitted = dict[Recipe, "Members"]
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
class Members:
    """A recipe's networks, with one common scaling, and the minutes that they and a teacher took."""

    networks: list[Network]
    scaling: Scaling
    minutes: float


@dataclass(frozen=True, slots=True)
class Course:
    """Networks of one kind that are fitted side by side, each from its own seed."""

    hidden: tuple[int, ...]
    is_near: bool
    seeds: tuple[int, ...]
    epochs: int
    dropout: float
    batch_size: int


def fit_members(train: Cases, recipe: Recipe, seed: int, fitted: Fitted | None = None) -> Members:
    """Each network from its own random start.

    `fitted` remembers: the teacher of one model may be another model.
    """
    remembered = {} if fitted is None else fitted
    if recipe not in remembered:
        teacher = fit_members(train, recipe.teacher, seed, remembered) if recipe.teacher else None
        started_s = time.monotonic()
        scaling = measure_scaling(train, seed)
        targets: Targets = train.targets
        if teacher:
            targets = mix_targets(train, ask_members(teacher, train), recipe.teacher_share)
        courses = plan_courses(recipe, seed)
        networks = [n for course in courses for n in fit_networks(train, course, scaling, targets)]
        minutes = (time.monotonic() - started_s) / 60.0 + (teacher.minutes if teacher else 0.0)
        remembered[recipe] = Members(networks, scaling, minutes)
    return remembered[recipe]


def plan_courses(recipe: Recipe, seed: int) -> list[Course]:
    """The far networks, then the near ones if there are any."""
    far = (recipe.hidden, recipe.members, recipe.epochs, recipe.dropout)
    near = (recipe.near_hidden, recipe.near_members, recipe.near_epochs, recipe.near_dropout)
    courses = []
    for is_near, (hidden, members, epochs, dropout) in ((False, far), (True, near)):
        first = seed * 1000 + (NEAR_SEEDS if is_near else 0)
        seeds = tuple(range(first, first + members))
        courses.append(Course(hidden, is_near, seeds, epochs, dropout, recipe.batch_size))
    return [course for course in courses if course.seeds]


def ask_members(members: Members, cases: Cases) -> Floats:
    """(cases, 26): their probabilities, without blanks."""

    def ask(hours: Tensor, context: Tensor) -> Tensor:
        features = scale_features(hours, context, members.scaling)
        return average_members(members.networks, features)

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


def fit_networks(train: Cases, course: Course, scaling: Scaling, targets: Targets) -> list[Network]:
    """On the same batches: making their features costs as much as fitting two networks."""
    networks = [
        build_network(scaling, course.hidden, seed, course.is_near) for seed in course.seeds
    ]
    steps = -(-len(train.ends) // course.batch_size) * course.epochs
    variables = [variable for network in networks for variable in network.variables]
    optimizer = Optimizer(variables, Pace(steps=steps))
    step = _make_step(networks, optimizer, course, scaling)
    progress = tqdm(_draw_batches(train.ends, course), total=steps, unit="batch")
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
    networks: list[Network], optimizer: Optimizer, course: Course, scaling: Scaling
) -> Step:
    """Each network's loss depends on its own variables only: their sum fits all of them."""
    variables = [variable for network in networks for variable in network.variables]
    weights = tf.constant(weigh_targets(course.is_near))

    def step(hours: Tensor, context: Tensor, targets: Tensor, number: Tensor) -> Tensor:
        draw = number + course.seeds[0] * 1_000_003
        features = scale_features(blank_inputs(hours, draw), context, scaling)
        with tf.GradientTape() as tape:
            outputs = [
                compute_logits(network, features, course.dropout, draw + 1_000 * index)
                for index, network in enumerate(networks)
            ]
            loss = tf.add_n([_compute_loss(logits, targets, weights) for logits in outputs])
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


def _draw_batches(ends: Indices, course: Course) -> Iterator[Batch]:
    random, size = np.random.default_rng(course.seeds[0]), course.batch_size
    for _ in range(course.epochs):
        order = random.permutation(ends)
        records = _draw_records(random, len(order))
        yield from (
            (order[start : start + size], records[start : start + size])
            for start in range(0, len(order), size)
        )


def _draw_records(random: np.random.Generator, count: int) -> Indices:
    return random.choice(len(RECORD_SHARES), count, p=RECORD_SHARES)
