"""Writes trained networks as the files that serving loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tensorflow as tf

from predictor import contract
from predictor.features import CONTEXT_NAMES
from predictor.training.network import (
    Network,
    Scaling,
    compute_logits,
    scale_features,
    to_probabilities,
)

Tensor = Any

SAVED_MODEL = "saved_model"


def export_saved_model(members: list[Network], scaling: Scaling, folder: Path) -> None:
    """folder/saved_model with a signature of batch size 1."""
    module = tf.Module()
    module.members = [member.variables for member in members]
    module.serve = make_serving_function(members, scaling)
    tf.saved_model.save(
        module,
        str(folder / SAVED_MODEL),
        signatures={"serving_default": module.serve.get_concrete_function()},
    )


def make_serving_function(members: list[Network], scaling: Scaling) -> Any:
    """hours, context -> probabilities; the members' log-odds are averaged."""
    signature = [
        tf.TensorSpec((1, contract.WINDOW_HOURS, len(contract.FEATURES)), tf.float32, "hours"),
        tf.TensorSpec((1, len(CONTEXT_NAMES)), tf.float32, "context"),
    ]

    def serve(hours: Tensor, context: Tensor) -> dict[str, Tensor]:
        features = scale_features(hours, context, scaling)
        logits = tf.add_n([compute_logits(member, features) for member in members])
        return {"probabilities": to_probabilities(logits * (1.0 / len(members)))}

    return tf.function(serve, input_signature=signature, autograph=False)
