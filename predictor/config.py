"""What the environment says about the predictor."""

from __future__ import annotations

import os
from pathlib import Path

MODELS_FOLDER = Path(__file__).parent / "models"
DEFAULT_MODEL = "rain_mini"
DEFAULT_RUNTIME = "tensorflow"


def read_default_model() -> str:
    """The model that answers when a request names none."""
    return _read("DEFAULT_MODEL", DEFAULT_MODEL)


def read_runtime() -> str:
    """Which runtime answers: a key of `predictor.runtimes.RUNTIMES`."""
    return _read("PREDICTOR_RUNTIME", DEFAULT_RUNTIME)


def _read(name: str, default: str) -> str:
    return os.environ.get(name) or default
