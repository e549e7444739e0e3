"""Runs a SavedModel's signature on one thread: the only file that imports TensorFlow to serve."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import tensorflow as tf

from predictor.features import Floats, ModelInput

DEFAULT_EXPORT = "saved_model"

logger = logging.getLogger(__name__)


class SavedModel:
    """A loaded SavedModel with a signature of batch size 1."""

    def __init__(self, loaded: Any) -> None:
        self._loaded = loaded  # the signature alone does not keep the variables alive
        self._signature = loaded.signatures["serving_default"]

    def predict(self, model_input: ModelInput) -> Floats:
        """One window -> (26,)."""
        outputs = self._signature(
            hours=tf.constant(model_input["hours"]), context=tf.constant(model_input["context"])
        )
        probabilities: Floats = outputs["probabilities"].numpy()[0]  # (1, 26) -> (26,)
        return probabilities

    def unload(self) -> None:
        """Drop the graph and its variables."""
        self._signature = self._loaded = None


def load(folder: Path, export: str, paths: tuple[str, ...]) -> SavedModel:
    """Load folder/<export>; `paths` are checked by the caller."""
    del paths
    use_one_thread()
    return SavedModel(tf.saved_model.load(str(folder / export)))


def use_one_thread() -> None:
    """One small model gains nothing from more, and each thread costs memory."""
    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:  # TensorFlow has run already: its threads are set
        logger.debug("TensorFlow runs already; its number of threads stays")
