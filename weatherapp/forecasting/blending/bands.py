"""One probability from two: a weighted sum of their log-odds. Pure.

site = 1 / (1 + exp(-(intercept + model weight * log-odds(model) + source weight * log-odds(source))))
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from predictor.online_calibration import from_log_odds

# Sources speak in whole percents: their 0 % means less than half a percent, and not never.
LEAST = 0.005


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts; `intercept` mends what both have in common."""

    intercept: float
    model: float
    source: float

    def to_json(self) -> dict[str, float]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Band:
    """Hours ahead that share one set of weights, and those that hold before any are learned."""

    first_lead_hours: int
    last_lead_hours: int
    default: Weights

    @property
    def lead_count(self) -> int:
        return self.last_lead_hours - self.first_lead_hours + 1

    @property
    def lead_hours(self) -> range:
        return range(self.first_lead_hours, self.last_lead_hours + 1)


# The model knows what falls now, the source what comes. The weights of a default add up to one,
# so that two parts that agree are believed as they are.
BANDS = (
    Band(1, 2, Weights(0.0, model=0.75, source=0.25)),
    Band(3, 6, Weights(0.0, model=0.5, source=0.5)),
    Band(7, 12, Weights(0.0, model=0.25, source=0.75)),
    Band(13, 24, Weights(0.0, model=0.1, source=0.9)),
)


def find_band(lead_hours: int) -> Band:
    """The band of an hour ahead, 1..24. Raises ValueError outside."""
    for band in BANDS:
        if lead_hours in band.lead_hours:
            return band
    raise ValueError(f"lead_hours must be within 1 and {BANDS[-1].last_lead_hours}: {lead_hours}")


def blend_hour(model: float, source: float, weights: Weights) -> float:
    """The blended probability, 0..1."""
    return from_log_odds(
        weights.intercept
        + weights.model * to_log_odds(model)
        + weights.source * to_log_odds(source)
    )


def to_log_odds(probability: float) -> float:
    """0..1 -> a finite number: nothing here is certain."""
    kept = min(max(probability, LEAST), 1 - LEAST)
    return math.log(kept / (1 - kept))
