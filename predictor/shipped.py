"""The names of the models in this release: the one thing about them that the site asks."""

from __future__ import annotations

from predictor.config import MODELS_FOLDER
from predictor.registry import list_models


def list_shipped_models() -> list[str]:
    """Those that a request may name."""
    return list_models(MODELS_FOLDER)
