"""What weather can be. A number outside is an error of the source, and becomes None."""

from __future__ import annotations

import math

from predictor.contract import FEATURES

BOUNDS = {feature.name: (feature.low, feature.high) for feature in FEATURES} | {
    "precipitation_probability": (0.0, 1.0),
    "wind_gust_ms": (0.0, 150.0),  # the record is 113 m/s
    "weather_code": (0.0, 99.0),  # WMO 4677
}


def is_plausible(name: str, value: float) -> bool:
    """Whether `value`, in the project's unit, can be."""
    low, high = BOUNDS[name]
    return math.isfinite(value) and low <= value <= high
