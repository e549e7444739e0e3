"""What the environment says about the predictor."""

from __future__ import annotations

import math
import os
from pathlib import Path

DEFAULT_IDLE_S = 900.0
MODELS_FOLDER = Path(__file__).parent / "models"
DEFAULT_MODEL = "rain_mini"
DEFAULT_RUNTIME = "tensorflow"


class SettingError(ValueError):
    """A variable of the environment makes no sense: mend it and start again."""


def read_default_model() -> str:
    """The model that answers when a request names none."""
    return _read("DEFAULT_MODEL", DEFAULT_MODEL)


def read_runtime() -> str:
    """Which runtime answers: a key of `predictor.runtimes.RUNTIMES`."""
    return _read("PREDICTOR_RUNTIME", DEFAULT_RUNTIME)


def read_idle_s() -> float:
    """After so long without a request the model leaves memory; 0: never."""
    return _read_number("PREDICTOR_IDLE_SECONDS", DEFAULT_IDLE_S)


def read_max_requests() -> float:
    """After so many answers the process makes room for a new one; 0: never."""
    return _read_number("PREDICTOR_MAX_REQUESTS", 0)


def read_max_memory_mb() -> float:
    """Above this the process makes room for a new one; 0: whatever it takes."""
    return _read_number("PREDICTOR_MAX_MEMORY_MB", 0)


def _read_number(name: str, default: float) -> float:
    text = _read(name, str(default))
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < math.inf:
        raise SettingError(f"{name} must be a number from 0 up, got {text!r}")
    return number


def _read(name: str, default: str) -> str:
    return os.environ.get(name) or default
