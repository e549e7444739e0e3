"""Writes trained networks as the files that serving loads: SavedModel and LiteRT."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from predictor import contract
from predictor.features import CONTEXT_NAMES, ModelInput
from predictor.training.network import (
    Network,
    Scaling,
    average_members,
    scale_features,
)

Tensor = Any

SAVED_MODEL = "saved_model"
FRONT_END = "front_end.tflite"
HOURS_SPEC = tf.TensorSpec((1, contract.WINDOW_HOURS, len(contract.FEATURES)), tf.float32, "hours")
CONTEXT_SPEC = tf.TensorSpec((1, len(CONTEXT_NAMES)), tf.float32, "context")


class ExportError(RuntimeError):
    """A network could not be written in a form; the message says which and why."""


def export_saved_model(members: list[Network], scaling: Scaling, folder: Path) -> None:
    """folder/saved_model with a signature of batch size 1."""

    def serve(hours: Tensor, context: Tensor) -> dict[str, Tensor]:
        features = scale_features(hours, context, scaling)
        return {"probabilities": average_members(members, features)}

    _save(serve, [HOURS_SPEC, CONTEXT_SPEC], members, folder / SAVED_MODEL)


def export_litert(
    members: list[Network], scaling: Scaling, windows: list[ModelInput], folder: Path
) -> dict[str, list[str]]:
    """Export name -> its files in `folder`. `windows` show the quantiser what is usual."""
    files = {name: export_form(name, folder) for name in FORMS}
    return files | {"litert_int8": _export_int8(members, scaling, windows, folder)}


def export_form(name: str, folder: Path) -> list[str]:
    """One of FORMS, from folder/saved_model. Returns its files in `folder`."""
    path = folder / f"{name}.tflite"
    path.write_bytes(_convert(folder / SAVED_MODEL, FORMS[name]))
    return [path.name]


def _export_int8(
    members: list[Network], scaling: Scaling, windows: list[ModelInput], folder: Path
) -> list[str]:
    """Two files: whole-number arithmetic cannot span raw units, so the front end stays float."""

    def front(hours: Tensor, context: Tensor) -> dict[str, Tensor]:
        return {"features": scale_features(hours, context, scaling)}

    def core(features: Tensor) -> dict[str, Tensor]:
        return {"probabilities": average_members(members, features)}

    examples = [front(**one)["features"].numpy() for one in windows]
    features_spec = tf.TensorSpec(examples[0].shape, tf.float32, "features")
    apart = folder / ".int8"
    _save(front, [HOURS_SPEC, CONTEXT_SPEC], [], apart / "front")
    _save(core, [features_spec], members, apart / "core")
    (folder / FRONT_END).write_bytes(_convert(apart / "front", lambda converter: None))
    quantised = _convert(apart / "core", lambda converter: _use_int8(converter, examples))
    (folder / "litert_int8.tflite").write_bytes(quantised)
    tf.io.gfile.rmtree(str(apart))
    return [FRONT_END, "litert_int8.tflite"]


def _save(
    function: Callable[..., dict[str, Tensor]],
    signature: list[Any],
    members: list[Network],
    folder: Path,
) -> None:
    module = tf.Module()
    module.members = [member.variables for member in members]
    module.serve = tf.function(function, input_signature=signature, autograph=False)
    concrete = module.serve.get_concrete_function()
    tf.saved_model.save(module, str(folder), signatures={"serving_default": concrete})


def _convert(saved_model: Path, set_up: Callable[[Any], None]) -> bytes:
    converter = tf.lite.TFLiteConverter.from_saved_model(str(saved_model))
    set_up(converter)
    try:
        converted: bytes = converter.convert()
    except Exception as error:
        raise ExportError(f"{saved_model}: LiteRT conversion failed: {error}") from error
    return converted


def _use_float16(converter: Any) -> None:
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_types = [tf.float16]


def _use_dynamic_int8(converter: Any) -> None:
    converter.optimizations = [tf.lite.Optimize.DEFAULT]


def _use_int8(converter: Any, examples: list[np.ndarray[Any, Any]]) -> None:
    def show() -> Iterator[dict[str, np.ndarray[Any, Any]]]:
        for example in examples:
            yield {"features": example}

    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = show
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]


FLOAT32 = "litert_float32"
FORMS: dict[str, Callable[[Any], None]] = {
    FLOAT32: lambda converter: None,
    "litert_float16": _use_float16,
    "litert_dynamic_int8": _use_dynamic_int8,
}
