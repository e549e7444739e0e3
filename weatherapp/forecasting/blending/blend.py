"""The site's probabilities: the calibrated ones moved towards what the source says. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from weatherapp.domain.rain import NEAR_HOURS, RainProbability, to_hazard
from weatherapp.forecasting.blending.bands import Band, Weights, blend_hour, find_band


def blend_answer(
    answer: RainProbability, theirs: Sequence[float | None], weights: Mapping[Band, Weights]
) -> RainProbability:
    """`theirs`: the source's probability of each hour, None where it says nothing.

    An hour of which the source says nothing keeps the model's probability.
    """
    ours = answer.hourly_probability
    hourly = tuple(
        model if source is None else blend_hour(model, source, weights[find_band(lead_hours)])
        for lead_hours, (model, source) in enumerate(zip(ours, theirs, strict=True), start=1)
    )
    near = move_any(answer.probability_any_6h, ours[:NEAR_HOURS], hourly[:NEAR_HOURS])
    far = move_any(answer.probability_any_24h, ours, hourly)
    return RainProbability(hourly, near, max(near, far))


def move_any(probability_any: float, ours: Sequence[float], blended: Sequence[float]) -> float:
    """P(any wet hour) after its hours moved from `ours` to `blended`.

    Wet hours come in spells, so the chance of any is less than independent hours would give. The
    model knows by how much, the source does not say: so the model's share of the hours' summed
    hazards is kept. Hours that did not move leave the model's answer as it is, and it rises and
    falls with each of them. Never below the likeliest hour.
    """
    whole = sum(to_hazard(value) for value in ours)
    share = to_hazard(probability_any) / whole if whole else 1.0
    moved = share * sum(to_hazard(value) for value in blended)
    return max(-math.expm1(-moved), *blended)
