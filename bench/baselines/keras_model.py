"""The site's default model as a Keras model, for `model.predict`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from predictor import config, contract
from predictor.features import to_model_input

FOLDER: Path = config.MODELS_FOLDER / config.DEFAULT_MODEL / "saved_model"


class RainModel(keras.Model):
    """The exported graph with the interface of Keras."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded = tf.saved_model.load(str(FOLDER))

    def call(self, inputs: Any) -> Any:
        return self.loaded.signatures["serving_default"](**inputs)["probabilities"]


def answer_with(model: keras.Model, message: dict[str, Any]) -> list[float]:
    """As tutorials do it: `predict` with a batch of one."""
    window = contract.parse_window(contract.SCHEMA_VERSION, message)
    probabilities = model.predict(dict(to_model_input(window)), batch_size=1, verbose=0)
    return [float(value) for value in np.ravel(probabilities)]
