"""Runs a SavedModel's signature on one thread: the only file that uses TensorFlow to serve.

In a session, because that needs the least of TensorFlow, and because closing one gives back all
that its model held; functions of the eager runtime stay registered for good.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from predictor.features import Floats, ModelInput
from predictor.runtimes import partial_tensorflow
from predictor.runtimes.partial_tensorflow import Parts

# Before the first import, or oneDNN and the look at the processor write lines past the log.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors only
logging.getLogger("tensorflow").setLevel(logging.ERROR)  # not each file that it reads

_parts = [partial_tensorflow.import_parts()]  # the one in use

SIGNATURE = "serving_default"
TAG = "serve"
INPUTS = ("hours", "context")
OUTPUT = "probabilities"


class SavedModel:
    """A loaded SavedModel with a signature of batch size 1."""

    def __init__(self, session: Any, signature: Any) -> None:
        self._session = session
        self._call = session.make_callable(
            signature.outputs[OUTPUT].name, [signature.inputs[name].name for name in INPUTS]
        )

    def predict(self, model_input: ModelInput) -> Floats:
        """One window -> (26,)."""
        (probabilities,) = self._call(model_input["hours"], model_input["context"])
        answer: Floats = probabilities  # (1, 26) -> (26,)
        return answer

    def unload(self) -> None:
        """Drop the graph and its variables."""
        del self._call
        self._session.close()
        del self._session


def load(folder: Path, export: str, paths: tuple[str, ...]) -> SavedModel:
    """Load folder/<export>; `paths` are checked by the caller."""
    del paths
    try:
        return _load(_parts[0], folder / export)
    except Exception as error:
        if _parts[0].is_whole:
            raise
        _parts[0] = partial_tensorflow.import_whole(error)
        return _load(_parts[0], folder / export)


def _load(parts: Parts, folder: Path) -> SavedModel:
    graph = parts.Graph()
    session = parts.Session(graph=graph, config=make_session_config(parts))
    with graph.as_default():
        meta_graph = parts.load_saved_model(session, [TAG], str(folder))
    return SavedModel(session, meta_graph.signature_def[SIGNATURE])


def make_session_config(parts: Parts) -> Any:
    """One small model gains nothing from more threads, and each costs memory.

    Below zero means in the thread that asks: handing an answer over takes longer than making it.
    """
    return parts.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=-1)
