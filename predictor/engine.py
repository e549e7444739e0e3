"""Answers a window: loads on the first request, keeps exactly one model in memory."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from dyno.memory import memory_mb
from dyno.trim import trim_memory
from predictor import contract
from predictor.registry import ArtefactError, Manifest, check_export, find_model
from predictor.runtimes import LoadedModel, check_runtime, find_runtime

if TYPE_CHECKING:  # NumPy must not be loaded before the first request
    from predictor.features import Floats, ModelInput

logger = logging.getLogger(__name__)

ROUNDING = 1e-3  # a quantised model may miss 0 and 1 by so much


@dataclass(frozen=True, slots=True)
class ActiveModel:
    """The one model in memory and where it came from."""

    manifest: Manifest
    loaded: LoadedModel


class Engine:
    """Safe to share between threads: one lock covers loading and predicting."""

    def __init__(
        self,
        models_folder: Path,
        default_model: str,
        runtime: str,
        export: str | None = None,
        *,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._models_folder = models_folder
        self._default_model = default_model
        self.runtime = runtime
        self._export = export
        self._clock_s = clock_s
        self._lock = Lock()
        self._active: ActiveModel | None = None
        self._used_at_s = clock_s()

    def check(self, model: str | None = None) -> Manifest:
        """Whether a request could be answered, without loading anything. Raises as `answer`."""
        manifest, _ = self._find_files(model or self._default_model)
        return manifest

    def answer(self, window: contract.Window, model: str | None = None) -> contract.Answer:
        """Raises NoModelError, UnknownModelError, ArtefactError, RuntimeMissingError."""
        from predictor.features import to_model_input  # loads NumPy: only when it is needed

        started_s = time.perf_counter()
        manifest, probabilities = self.predict(to_model_input(window), model)
        values = _check_answer(manifest, probabilities)
        elapsed_ms = (time.perf_counter() - started_s) * 1000.0
        hourly, any_6h, any_24h = values[: contract.LEAD_HOURS], *values[contract.LEAD_HOURS :]
        return contract.Answer(
            tuple(hourly), any_6h, any_24h, manifest.name, manifest.version, elapsed_ms
        )

    def predict(self, model_input: ModelInput, model: str | None = None) -> tuple[Manifest, Floats]:
        """The model that answered and its own (26,) probabilities. Raises as `answer` does."""
        with self._lock:
            before = self._active
            active = self._activate(model or self._default_model)
            probabilities = active.loaded.predict(model_input)
            if active is not before:
                self._trim(f"Loaded {active.manifest.name} {active.manifest.version}")
            self._used_at_s = self._clock_s()
            return active.manifest, probabilities

    def unload(self) -> None:
        """Let go of the model; the next request loads again."""
        with self._lock:
            self._evict()

    def unload_if_idle(self, idle_s: float) -> float:
        """Let go of a model that nobody asked for so long; seconds until the next look pays."""
        with self._lock:
            left_s = self._used_at_s + idle_s - self._clock_s()
            if self._active is None or left_s > 0:
                return left_s if left_s > 0 else idle_s
            self._evict()
            return idle_s

    def _activate(self, name: str) -> ActiveModel:
        if self._active is None or self._active.manifest.name != name:
            manifest, paths = self._find_files(name)
            runtime = find_runtime(self.runtime)
            self._evict()  # before loading: two models at once may be one too many
            loaded = runtime.load(manifest.folder, self._name_export(), paths)
            self._active = ActiveModel(manifest, loaded)
        return self._active

    def _find_files(self, name: str) -> tuple[Manifest, tuple[str, ...]]:
        manifest = find_model(self._models_folder, name)
        artefacts = check_export(manifest, self._name_export())
        return manifest, tuple(artefact.path for artefact in artefacts)

    def _name_export(self) -> str:
        entry = check_runtime(self.runtime)
        return self._export or entry.export

    def _evict(self) -> None:
        if self._active is not None:
            self._active.loaded.unload()
            name, self._active = self._active.manifest.name, None
            self._trim(f"Unloaded {name}")

    def _trim(self, done: str) -> None:
        """A load and a first answer touch far more pages than the answers after it need."""
        before_mb = memory_mb()
        trim_memory()
        after_mb = memory_mb()
        logger.info("%s (%s), %.0f MB, trimmed to %.0f", done, self.runtime, before_mb, after_mb)


def _check_answer(manifest: Manifest, probabilities: Floats) -> list[float]:
    values = [float(value) for value in probabilities]
    if not all(-ROUNDING <= value <= 1.0 + ROUNDING for value in values):  # NaN fails too
        raise ArtefactError(f"{manifest.folder}: answers what is no probability: {values}")
    return [min(max(value, 0.0), 1.0) for value in values]
