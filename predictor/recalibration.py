"""What a place's own misses teach about a model's answers there. Pure, standard library only.

A place differs from those that a model learned from: its gauge, its hills, its shore. So each
target gets a line: log-odds = intercept + slope * the model's. It starts at the model's own
(intercept 0, slope 1), is held near it, and each hour that has come moves it by one Newton step of
a logistic regression; what was long ago fades. Standard terms: online Platt scaling, an extended
Kalman filter. The site keeps a place's lines and sends them with its windows, the predictor applies
them, and the evaluation of a model learns and applies them in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from predictor import contract
from predictor.contract import ANY_HOURS

INTERCEPT_SPREAD = (
    0.25  # standard deviations: how far a place may well be from the model's own line
)
SLOPE_SPREAD = 0.15
# Rain comes in spells, and spans overlap: so many answers in a row tell as much as one alone.
SPELL_HOURS = 12.0
FADING_HOURS = 365.0 * 24.0
FADING = 1.0 - 1.0 / FADING_HOURS  # of what is known, with each answer

TARGETS = contract.LEAD_HOURS + len(ANY_HOURS)  # each hour, then any of 6 and of 24
LEAST = 1e-4  # a probability nearer to 0 or 1 counts as this


@dataclass(frozen=True, slots=True)
class Line:
    """One target's line; the rest is what is known of it beyond the prior, as Fisher information.

    `about_both` is the information that intercept and slope share.
    """

    intercept: float = 0.0
    slope: float = 1.0
    about_intercept: float = 0.0
    about_slope: float = 0.0
    about_both: float = 0.0

    def learn(self, log_odds: float, *, is_wet: bool) -> Line:
        """After one more case: the model's own log-odds, and what came."""
        chance = from_log_odds(self.intercept + self.slope * log_odds)
        bend = chance * (1.0 - chance) / SPELL_HOURS
        about_intercept = self.about_intercept * FADING + bend
        about_slope = self.about_slope * FADING + bend * log_odds * log_odds
        about_both = self.about_both * FADING + bend * log_odds
        pull = (is_wet - chance) / SPELL_HOURS
        intercept_precision = about_intercept + INTERCEPT_SPREAD**-2
        slope_precision = about_slope + SLOPE_SPREAD**-2
        area = intercept_precision * slope_precision - about_both * about_both
        return Line(
            _keep(
                self.intercept + pull * (slope_precision - about_both * log_odds) / area,
                contract.INTERCEPT_BOUNDS,
            ),
            _keep(
                self.slope + pull * (intercept_precision * log_odds - about_both) / area,
                contract.SLOPE_BOUNDS,
            ),
            about_intercept,
            about_slope,
            about_both,
        )


OWN_LINES = (Line(),) * TARGETS


def learn_case(
    lines: Sequence[Line], log_odds: Sequence[float], outcome: Sequence[bool | None]
) -> tuple[Line, ...]:
    """The lines after one more answer of the model; all have TARGETS entries, None is unknown."""
    return tuple(
        line if is_wet is None else line.learn(said, is_wet=is_wet)
        for line, said, is_wet in zip(lines, log_odds, outcome, strict=True)
    )


def recalibrate(
    probabilities: Sequence[float], lines: Sequence[contract.LineOnWire]
) -> list[float]:
    """(TARGETS,) 0..1 and each target's (intercept, slope) -> (TARGETS,).

    `any` stays at least as likely as each of its hours.
    """
    moved = [
        from_log_odds(intercept + slope * to_log_odds(value))
        for value, (intercept, slope) in zip(probabilities, lines, strict=True)
    ]
    hourly = moved[: contract.LEAD_HOURS]
    spans = zip(moved[contract.LEAD_HOURS :], ANY_HOURS, strict=True)
    return [*hourly, *(max(value, *hourly[:hours]) for value, hours in spans)]


def undo(probabilities: Sequence[float], lines: Sequence[contract.LineOnWire]) -> list[float]:
    """What the model itself had said, as log-odds: (TARGETS,).

    Not exact where an `any` was raised to its likeliest hour: 3 % of the answers for 6 hours, nearly
    all of them below 10 %, and 0.1 % of those for 24 (rain_full on its test rows).
    """
    return [
        (to_log_odds(value) - intercept) / slope
        for value, (intercept, slope) in zip(probabilities, lines, strict=True)
    ]


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
