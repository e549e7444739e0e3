"""The operator's pages: what is watched, what was decided, who was told."""

from weatherapp.admin import (
    active_model,
    alerts,
    api_keys,
    backtests,
    blends,
    calibration,
    outgoing,
    people,
    places,
    predictions,
    published,
    rules,
    suppressions,
    tags,
    warning_sources,
    weather,
)

__all__ = [
    "active_model",
    "alerts",
    "api_keys",
    "backtests",
    "blends",
    "calibration",
    "outgoing",
    "people",
    "places",
    "predictions",
    "published",
    "rules",
    "suppressions",
    "tags",
    "warning_sources",
    "weather",
]
