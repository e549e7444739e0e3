"""Runs a LiteRT model on one thread: the only file that imports LiteRT to serve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ai_edge_litert.interpreter import Interpreter

from predictor.features import Floats, ModelInput


class LiteRtModel:
    """One or more interpreters in a row: a quantised network has its float front end apart."""

    def __init__(self, interpreters: list[Any]) -> None:
        self._runners = [interpreter.get_signature_runner() for interpreter in interpreters]

    def predict(self, model_input: ModelInput) -> Floats:
        """One window -> (26,)."""
        values: dict[str, Any] = {**model_input}
        for run in self._runners:
            values = run(**values)
        (probabilities,) = values.values()
        answer: Floats = probabilities[0]  # (1, 26) -> (26,)
        return answer

    def unload(self) -> None:
        """Drop the interpreters and their buffers."""
        self._runners = []


def load(folder: Path, export: str, paths: tuple[str, ...]) -> LiteRtModel:
    """Load `paths` in their order, each fed by the one before."""
    del export
    interpreters = [Interpreter(str(folder / path), num_threads=1) for path in paths]
    for interpreter in interpreters:
        interpreter.allocate_tensors()
    return LiteRtModel(interpreters)
