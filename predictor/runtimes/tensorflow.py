"""Runs a SavedModel's signature on one thread: the only file that uses TensorFlow to serve.

In a session, because that needs the least of TensorFlow, and because closing one gives back all
that its model held; functions of the eager runtime stay registered for good.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from predictor.features import Floats, ModelInput
from predictor.runtimes.partial_tensorflow import import_part

config_pb2 = import_part("core.protobuf.config_pb2")
ops = import_part("python.framework.ops")
session_module = import_part("python.client.session")
loader_impl = import_part("python.saved_model.loader_impl")

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
    graph = ops.Graph()
    session = session_module.Session(graph=graph, config=make_session_config())
    loader = loader_impl.SavedModelLoader(str(folder / export))
    with graph.as_default():
        meta_graph = loader.load(session, [TAG])
    return SavedModel(session, meta_graph.signature_def[SIGNATURE])


def make_session_config() -> Any:
    """One small model gains nothing from more threads, and each costs memory.

    Below zero means in the thread that asks: handing an answer over takes longer than making it.
    """
    return config_pb2.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=-1)
