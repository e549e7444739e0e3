"""Arithmetic of rain probabilities. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

NEAR_HOURS = 6
FAR_HOURS = 24
_CERTAIN = 1.0 - 1e-9  # keeps the logarithms finite


@dataclass(frozen=True, slots=True)
class RainProbability:
    """P(precipitation >= 0.1 mm), each 0..1: in each of FAR_HOURS hours, in any of the first 6, in any."""

    hourly_probability: Sequence[float]
    probability_any_6h: float
    probability_any_24h: float

    def any_within(self, hours: int) -> float:
        """P(any wet hour among the next `hours`), 1..24."""
        return probability_any_within(
            hours,
            hourly_probability=self.hourly_probability,
            probability_any_6h=self.probability_any_6h,
            probability_any_24h=self.probability_any_24h,
        )


def probability_any_within(
    hours: int,
    *,
    hourly_probability: Sequence[float],
    probability_any_6h: float,
    probability_any_24h: float,
) -> float:
    """P(at least one wet hour in the next `hours`), 1..24.

    The model answers 1, 6 and 24 hours itself. Between them its hourly values say how the chance
    of staying dry falls from one to the next: wet hours come in spells, so the product of the
    hourly dry chances is too small, and is bent to meet the model's own answers.
    Never falls as `hours` grows, never below the likeliest of its hours.
    """
    if not 1 <= hours <= FAR_HOURS:
        raise ValueError(f"hours must be within 1 and {FAR_HOURS}, got {hours}")
    hazard = [to_hazard(value) for value in hourly_probability]
    first = hazard[0]
    near = max(to_hazard(probability_any_6h), first)
    far = max(to_hazard(probability_any_24h), near)
    if hours <= NEAR_HOURS:
        total = first + (near - first) * _share(hazard[1:NEAR_HOURS], hours - 1)
    else:
        total = near + (far - near) * _share(hazard[NEAR_HOURS:FAR_HOURS], hours - NEAR_HOURS)
    return max(from_hazard(total), *hourly_probability[:hours])


def to_hazard(probability: float) -> float:
    """0..1 -> how much it adds to the chance of any: hazards of independent hours add up."""
    return -math.log1p(-min(probability, _CERTAIN))


def from_hazard(hazard: float) -> float:
    """The chance, 0..1, of any of what adds up to `hazard`."""
    return -math.expm1(-hazard)


def _share(hazard: Sequence[float], count: int) -> float:
    """How much of the whole the first `count` hold, 0..1; even where the whole is nothing."""
    whole = sum(hazard)
    return sum(hazard[:count]) / whole if whole else count / len(hazard)
