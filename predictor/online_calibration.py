"""Online calibration: what came of a model's answers at a place moves its later ones there. Pure.

A place differs from those that a model learned from: its gauge, its hills, its shore. So each
target has a Platt scaling: log-odds = intercept + slope * the model's. It begins as the model's own
(intercept 0, slope 1), is held near that by a prior, and each hour that has come moves it by one
Newton step of a logistic regression; what was long ago fades (an extended Kalman filter). The site
learns and applies it to what the predictor answers; the evaluation of a model does the same. Standard
library only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from predictor.contract import ANY_HOURS, LEAD_HOURS

# Standard deviations of the prior: how far a place may well be from the model's own.
INTERCEPT_SPREAD = 0.25
SLOPE_SPREAD = 0.15
INTERCEPT_BOUNDS = (-2.0, 2.0)  # log-odds; no run of weather moves an answer further
SLOPE_BOUNDS = (0.3, 2.0)
# Rain comes in spells, and spans overlap: so many answers in a row tell as much as one alone.
SPELL_HOURS = 12.0
FADING_HOURS = 365.0 * 24.0
FADING = 1.0 - 1.0 / FADING_HOURS  # of what is known, with each answer

TARGETS = LEAD_HOURS + len(ANY_HOURS)  # each hour, then any of 6 and of 24
LEAST = 1e-4  # a probability nearer to 0 or 1 counts as this


@dataclass(frozen=True, slots=True)
class PlattScaling:
    """One target's. The last three are the Fisher information that answers gave beyond the prior.

    `shared_information` is the one that intercept and slope have in common.
    """

    intercept: float = 0.0
    slope: float = 1.0
    intercept_information: float = 0.0
    slope_information: float = 0.0
    shared_information: float = 0.0

    def apply(self, probability: float) -> float:
        """The model's own, 0..1 -> the calibrated one, 0..1."""
        return from_log_odds(self.intercept + self.slope * to_log_odds(probability))

    def update(self, probability: float, *, is_wet: bool) -> PlattScaling:
        """After one more answer: the model's own, and what came."""
        log_odds = to_log_odds(probability)
        chance = from_log_odds(self.intercept + self.slope * log_odds)
        information = chance * (1.0 - chance) / SPELL_HOURS
        of_intercept = self.intercept_information * FADING + information
        of_slope = self.slope_information * FADING + information * log_odds * log_odds
        shared = self.shared_information * FADING + information * log_odds
        gradient = (is_wet - chance) / SPELL_HOURS
        intercept_precision = of_intercept + INTERCEPT_SPREAD**-2
        slope_precision = of_slope + SLOPE_SPREAD**-2
        determinant = intercept_precision * slope_precision - shared * shared
        intercept_step = gradient * (slope_precision - shared * log_odds) / determinant
        slope_step = gradient * (intercept_precision * log_odds - shared) / determinant
        return PlattScaling(
            _keep(self.intercept + intercept_step, INTERCEPT_BOUNDS),
            _keep(self.slope + slope_step, SLOPE_BOUNDS),
            of_intercept,
            of_slope,
            shared,
        )


Scalings = tuple[PlattScaling, ...]  # (TARGETS,)
UNCALIBRATED: Scalings = (PlattScaling(),) * TARGETS


def learn_answer(
    scalings: Sequence[PlattScaling],
    probabilities: Sequence[float],
    outcome: Sequence[bool | None],
) -> Scalings:
    """After one more answer of the model; all have TARGETS entries, None is unknown."""
    return tuple(
        scaling if is_wet is None else scaling.update(said, is_wet=is_wet)
        for scaling, said, is_wet in zip(scalings, probabilities, outcome, strict=True)
    )


def calibrate(scalings: Sequence[PlattScaling], probabilities: Sequence[float]) -> list[float]:
    """The model's own (TARGETS,) 0..1 -> the calibrated ones.

    `any` stays at least as likely as each of its hours.
    """
    moved = [scaling.apply(value) for scaling, value in zip(scalings, probabilities, strict=True)]
    hourly = moved[:LEAD_HOURS]
    spans = zip(moved[LEAD_HOURS:], ANY_HOURS, strict=True)
    return [*hourly, *(max(value, *hourly[:hours]) for value, hours in spans)]


def to_log_odds(probability: float) -> float:
    kept = min(max(probability, LEAST), 1.0 - LEAST)
    return math.log(kept / (1.0 - kept))


def from_log_odds(log_odds: float) -> float:
    """Any number -> 0..1, without overflow."""
    if log_odds >= 0.0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    odds = math.exp(log_odds)
    return odds / (1.0 + odds)


def _keep(value: float, bounds: tuple[float, float]) -> float:
    return min(max(value, bounds[0]), bounds[1])
