"""Answers a window: loads on the first request, keeps exactly one model in memory."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from predictor import contract
from predictor.registry import Manifest, check_export, find_model
from predictor.runtimes import LoadedModel, find_runtime

if TYPE_CHECKING:  # NumPy must not be loaded before the first request
    from predictor.features import Floats, ModelInput


@dataclass(frozen=True, slots=True)
class ActiveModel:
    """The one model in memory and where it came from."""

    manifest: Manifest
    loaded: LoadedModel


class Engine:
    """Safe to share between threads: one lock covers loading and predicting."""

    def __init__(
        self, models_folder: Path, default_model: str, runtime: str, export: str | None = None
    ) -> None:
        self._models_folder = models_folder
        self._default_model = default_model
        self._runtime = runtime
        self._export = export
        self._lock = Lock()
        self._active: ActiveModel | None = None

    def answer(self, window: contract.Window, model: str | None = None) -> contract.Answer:
        """Raises NoModel, UnknownModel, ArtefactError, RuntimeMissingError."""
        from predictor.features import to_model_input  # loads NumPy: only when it is needed

        started_s = time.perf_counter()
        manifest, probabilities = self.predict(to_model_input(window), model)
        elapsed_ms = (time.perf_counter() - started_s) * 1000.0
        return _make_answer(manifest, probabilities, elapsed_ms)

    def predict(self, model_input: ModelInput, model: str | None = None) -> tuple[Manifest, Floats]:
        """The model that answered and its (26,) probabilities. Raises as `answer` does."""
        with self._lock:
            active = self._activate(model or self._default_model)
            return active.manifest, active.loaded.predict(model_input)

    def unload(self) -> None:
        """Let go of the model; the next request loads again."""
        with self._lock:
            self._evict()

    def _activate(self, name: str) -> ActiveModel:
        if self._active is None or self._active.manifest.name != name:
            manifest = find_model(self._models_folder, name)
            runtime = find_runtime(self._runtime)
            export = self._export or runtime.DEFAULT_EXPORT
            paths = tuple(artefact.path for artefact in check_export(manifest, export))
            self._evict()  # before loading: two models at once may be one too many
            self._active = ActiveModel(manifest, runtime.load(manifest.folder, export, paths))
        return self._active

    def _evict(self) -> None:
        if self._active is not None:
            self._active.loaded.unload()
            self._active = None
            gc.collect()


def _make_answer(manifest: Manifest, probabilities: Floats, elapsed_ms: float) -> contract.Answer:
    values = [min(max(float(value), 0.0), 1.0) for value in probabilities]
    hourly, any_6h, any_24h = values[: contract.LEAD_HOURS], *values[contract.LEAD_HOURS :]
    return contract.Answer(
        tuple(hourly), any_6h, any_24h, manifest.name, manifest.version, elapsed_ms
    )
