"""Fits networks to cases."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from predictor import contract
from predictor.features import Floats
from predictor.training.ask import ask
from predictor.training.batches import (
    MOVED_SHARE,
    Batch,
    count_batches,
    draw_batch,
    draw_batches,
)
from predictor.training.bias_correction import correct_bias
from predictor.training.cases import Cases
from predictor.training.front_end import make_features
from predictor.training.imagined_rain import ImaginedCases, imagine_cases
from predictor.training.input_dropout import drop_inputs
from predictor.training.moved import move_sites
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
Step = Callable[[Batch, int], Tensor]
Fitted = dict[Recipe, "Members"]

SCALING_CASES = 50_000
# Least spread that a feature is divided by: rare ones must not become huge when they do occur.
LEAST_SPREAD = 0.1
ANY_WEIGHTS = (4.0, 4.0)
NEAR_ANY_WEIGHTS = (1.0, 0.3)
NEAR_SEEDS = 500  # far from those of the other networks


@dataclass(frozen=True, slots=True)
class Members:
    """A recipe's networks, with one common scaling, and the minutes that they and a teacher took."""

    networks: list[Network]
    scaling: Scaling
    minutes: float

    def answer(self, hours: Tensor, context: Tensor) -> Tensor:
        """(n, 24, 6), (n, 12) -> (n, 26) probabilities."""
        return average_members(self.networks, scale_features(hours, context, self.scaling))


@dataclass(frozen=True, slots=True)
class Lesson:
    """What all networks of a recipe learn from."""

    imagined: ImaginedCases
    scaling: Scaling
    teacher: Members | None
    teacher_share: float

    def mix_targets(self, truth: Tensor, hours: Tensor, context: Tensor) -> Tensor:
        """(n, 26): what happened, mixed with what the teacher thinks; unknown stays unknown."""
        if self.teacher is None:
            return truth
        thought = self.teacher.answer(hours, context)
        return truth + (thought - truth) * self.teacher_share


@dataclass(frozen=True, slots=True)
class Course:
    """Networks of one kind that are fitted side by side, each from its own seed."""

    hidden: tuple[int, ...]
    is_near: bool
    seeds: tuple[int, ...]
    epochs: int
    dropout: float
    batch_size: int

    @property
    def moved_share(self) -> float:
        """The next hours' rain follows from this hour's, wherever that is: near ones stay put."""
        return 0.0 if self.is_near else MOVED_SHARE


def fit_members(train: Cases, recipe: Recipe, seed: int, fitted: Fitted | None = None) -> Members:
    """Each network from its own random start.

    `fitted` remembers: the teacher of one model may be another model.
    """
    remembered = {} if fitted is None else fitted
    if recipe not in remembered:
        teacher = fit_members(train, recipe.teacher, seed, remembered) if recipe.teacher else None
        started_s = time.monotonic()
        imagined = imagine_cases(train, seed)
        scaling = measure_scaling(imagined, seed)
        lesson = Lesson(imagined, scaling, teacher, recipe.teacher_share)
        courses = plan_courses(recipe, seed)
        networks = [network for course in courses for network in fit_networks(lesson, course)]
        correct_bias(networks, scaling, train)
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
    return ask(members.answer, cases)


def measure_scaling(imagined: ImaginedCases, seed: int) -> Scaling:
    """Over windows with blanks and from other places, as the networks will see them."""
    batch = draw_batch(imagined, SCALING_CASES, MOVED_SHARE, seed)
    hours, context = move_sites(
        tf.constant(batch.hours), tf.constant(batch.context), tf.constant(batch.is_moved), seed
    )
    features = make_features(drop_inputs(hours, tf.constant(seed)), context).numpy()
    return Scaling(features.mean(axis=0), np.maximum(features.std(axis=0), LEAST_SPREAD))


def fit_networks(lesson: Lesson, course: Course) -> list[Network]:
    """On the same batches: making their features costs as much as fitting two networks."""
    networks = [
        build_network(lesson.scaling, course.hidden, seed, course.is_near) for seed in course.seeds
    ]
    cases, size, epochs = lesson.imagined.cases, course.batch_size, course.epochs
    steps = count_batches(cases, size, epochs)
    variables = [variable for network in networks for variable in network.variables]
    optimizer = Optimizer(variables, Pace(steps=steps))
    step = _make_step(networks, optimizer, course, lesson)
    batches = draw_batches(lesson.imagined, size, epochs, course.moved_share, course.seeds[0])
    progress = tqdm(batches, total=steps, unit="batch")
    for number, batch in enumerate(progress):
        loss = step(batch, number)
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
    networks: list[Network], optimizer: Optimizer, course: Course, lesson: Lesson
) -> Step:
    """Each network's loss depends on its own variables only: their sum fits all of them."""
    variables = [variable for network in networks for variable in network.variables]
    weights = tf.constant(weigh_targets(course.is_near))

    def step(
        raw_hours: Tensor, raw_context: Tensor, truth: Tensor, is_moved: Tensor, number: Tensor
    ) -> Tensor:
        draw = number + course.seeds[0] * 1_000_003
        hours, context = move_sites(raw_hours, raw_context, is_moved, draw)
        targets = lesson.mix_targets(truth, hours, context)
        features = scale_features(drop_inputs(hours, draw), context, lesson.scaling)
        with tf.GradientTape() as tape:
            outputs = [
                compute_logits(network, features, course.dropout, draw + 1_000 * index)
                for index, network in enumerate(networks)
            ]
            loss = tf.add_n([_compute_loss(logits, targets, weights) for logits in outputs])
        optimizer.apply(tape.gradient(loss, variables), number)
        return loss

    traced = tf.function(step, reduce_retracing=True, autograph=False)
    return lambda batch, number: traced(
        batch.hours, batch.context, batch.targets, batch.is_moved, tf.constant(number)
    )


def _compute_loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Log loss over the known targets."""
    known = tf.cast(tf.equal(targets, targets), tf.float32)
    truth = tf.where(tf.equal(targets, targets), targets, tf.zeros_like(targets))
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=truth, logits=logits)
    return tf.reduce_sum(losses * known * weights) / tf.cast(tf.shape(logits)[0], tf.float32)
