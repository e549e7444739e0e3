"""The operator's pages: what is watched, what was decided, who was told."""

from weatherapp.admin import (
    active_model,
    alerts,
    backtests,
    blends,
    calibration,
    official,
    outgoing,
    people,
    places,
    predictions,
    rules,
    suppressions,
    tags,
    warning_sources,
    weather,
)

__all__ = [
    "active_model",
    "alerts",
    "backtests",
    "blends",
    "calibration",
    "official",
    "outgoing",
    "people",
    "places",
    "predictions",
    "rules",
    "suppressions",
    "tags",
    "warning_sources",
    "weather",
]
