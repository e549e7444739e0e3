"""From a checked window to the arrays that every exported model takes.

Physical units go in: scaling and the making of features happen inside the exported graph, so
that training and serving cannot differ.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from predictor import contract

Floats = NDArray[np.float32]

PLACE_NAMES = ("latitude", "longitude", "utc_hour", "day_of_year")
CONTEXT_NAMES = (*PLACE_NAMES, *contract.CLIMATE_NAMES)


class ModelInput(TypedDict):
    """Named as the inputs of the model's signature; batch size 1; NaN where unknown."""

    hours: Floats  # (1, 24, 6), oldest first
    context: Floats  # (1, 12)


def to_model_input(window: contract.Window) -> ModelInput:
    """The window as arrays."""
    rows = [_fill(row) for row in window.hours]
    clock = read_clock(window.window_end_at)
    context = [window.latitude, window.longitude, *clock, *_fill(window.climate)]
    return {
        "hours": np.asarray([rows], dtype=np.float32),
        "context": np.asarray([context], dtype=np.float32),
    }


def read_clock(at: datetime) -> tuple[float, float]:
    """UTC hour of the day and day of the year (1 to 366)."""
    return float(at.hour), float(at.timetuple().tm_yday)


def _fill(values: contract.Row) -> list[float]:
    return [math.nan if value is None else value for value in values]
