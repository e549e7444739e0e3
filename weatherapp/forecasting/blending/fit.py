"""Learns a blend's weights: a logistic regression that is held near the defaults. Pure.

Minimises EVIDENCE * sum(log loss) + sum((weight - default)^2) / (2 * SPREAD^2) by Newton steps.
The second term makes it strictly convex: there is one answer, also where wet and dry hours could
be told apart perfectly, and without any case it is the default.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from predictor.online_calibration import from_log_odds
from weatherapp.forecasting.blending.bands import Weights

SPREAD = 0.5  # how far from its default a weight may well be
# Wet and dry come in spells: so many hours in a row tell as much as one that stands alone.
SPELL_HOURS = 5.0
EVIDENCE = 1 / SPELL_HOURS

MAX_STEPS = 50
CLOSE_ENOUGH = 1e-8
LEAST_SHARE = 1e-6  # of a step
HELD = 1e9  # precision of a weight that is to stay where it is

MODEL, SOURCE = 1, 2
Vector = tuple[float, ...]  # intercept, model, source


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Cases that share the log-odds of both parts; counts may be fractions."""

    model: float
    source: float
    cases: float
    wet: float

    @property
    def inputs(self) -> Vector:
        return (1.0, self.model, self.source)


@dataclass(frozen=True, slots=True)
class _Problem:
    """`precision` 0 < p: how strongly each weight is held at its `centre`."""

    cells: Sequence[Cell]
    centre: Vector
    precision: Vector

    def cost(self, at: Vector) -> float:
        misfit = math.fsum(
            cell.wet * _softplus(-_dot(cell.inputs, at))
            + (cell.cases - cell.wet) * _softplus(_dot(cell.inputs, at))
            for cell in self.cells
        )
        strain = sum(
            precision * (value - centre) ** 2
            for precision, value, centre in zip(self.precision, at, self.centre, strict=True)
        )
        return EVIDENCE * misfit + strain / 2

    def newton_step(self, at: Vector) -> Vector:
        """Solution of Hessian * step = gradient."""
        gradient = [
            precision * (value - centre)
            for precision, value, centre in zip(self.precision, at, self.centre, strict=True)
        ]
        hessian = [[0.0] * 3 for _ in range(3)]
        for row in range(3):
            hessian[row][row] = self.precision[row]
        for cell in self.cells:
            _add_cell(cell, at, gradient, hessian)
        return solve(hessian, gradient)


def fit_weights(cells: Iterable[Cell], default: Weights) -> Weights:
    """The weights that the cases ask for; without any, `default`.

    Neither part counts against itself: a weight that would be negative is held at 0 and the rest
    is fitted again.
    """
    # The order of floating-point sums must not depend on who stored what first.
    ordered = sorted(cells)
    centre = [default.intercept, default.model, default.source]
    precision = [SPREAD**-2] * 3
    found = _minimise(_Problem(ordered, tuple(centre), tuple(precision)))
    for part in (MODEL, SOURCE):
        if found[part] < 0:
            centre[part], precision[part] = 0.0, HELD
            found = _minimise(_Problem(ordered, tuple(centre), tuple(precision)))
    return Weights(found[0], model=max(found[MODEL], 0.0), source=max(found[SOURCE], 0.0))


def solve(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> Vector:
    """x of matrix * x = vector, for a symmetric positive definite matrix (no pivots needed)."""
    size = len(vector)
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for pivot in range(size):
        for row in range(pivot + 1, size):
            factor = rows[row][pivot] / rows[pivot][pivot]
            for column in range(pivot, size + 1):
                rows[row][column] -= factor * rows[pivot][column]
    found = [0.0] * size
    for row in reversed(range(size)):
        known = sum(rows[row][column] * found[column] for column in range(row + 1, size))
        found[row] = (rows[row][size] - known) / rows[row][row]
    return tuple(found)


def _minimise(problem: _Problem) -> Vector:
    at = problem.centre
    cost = problem.cost(at)
    for _ in range(MAX_STEPS):
        step = problem.newton_step(at)
        after, cost_after = _descend(problem, at, cost, step)
        moved = max(abs(new - old) for new, old in zip(after, at, strict=True))
        at, cost = after, cost_after
        if moved < CLOSE_ENOUGH:
            break
    return at


def _descend(problem: _Problem, at: Vector, cost: float, step: Vector) -> tuple[Vector, float]:
    """A full step, or as much of it as lowers the cost; where nothing does, stay."""
    share = 1.0
    while share > LEAST_SHARE:
        after = tuple(value - share * change for value, change in zip(at, step, strict=True))
        cost_after = problem.cost(after)
        if cost_after <= cost:
            return after, cost_after
        share /= 2
    return at, cost


def _add_cell(cell: Cell, at: Vector, gradient: list[float], hessian: list[list[float]]) -> None:
    inputs = cell.inputs
    chance = from_log_odds(_dot(inputs, at))
    pull = EVIDENCE * (cell.cases * chance - cell.wet)
    bend = EVIDENCE * cell.cases * chance * (1 - chance)
    for row in range(3):
        gradient[row] += pull * inputs[row]
        for column in range(3):
            hessian[row][column] += bend * inputs[row] * inputs[column]


def _dot(inputs: Vector, at: Vector) -> float:
    return inputs[0] * at[0] + inputs[1] * at[1] + inputs[2] * at[2]


def _softplus(value: float) -> float:
    """log(1 + exp(value)), without overflow."""
    return max(value, 0.0) + math.log1p(math.exp(-abs(value)))
