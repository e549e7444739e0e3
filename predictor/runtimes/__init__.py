"""What runs an exported model: one small interface, one file each, imported on first use."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # NumPy must not be loaded before the first request
    from predictor.features import Floats, ModelInput


@dataclass(frozen=True, slots=True)
class RuntimeEntry:
    """What is known of a runtime before it is imported."""

    module: str
    package: str  # that it needs
    export: str  # that it runs where none is named


RUNTIMES = {
    "tensorflow": RuntimeEntry("predictor.runtimes.tensorflow", "tensorflow", "saved_model"),
    "litert": RuntimeEntry("predictor.runtimes.litert", "ai_edge_litert", "litert_float32"),
}


class RuntimeMissingError(RuntimeError):
    """The runtime that was asked for is unknown or not installed."""


class LoadedModel(Protocol):
    """A model in memory."""

    def predict(self, model_input: ModelInput) -> Floats:
        """One window -> (26,): 24 hours, any of 6, any of 24."""

    def unload(self) -> None:
        """Let go of everything that the model holds."""


class Runtime(Protocol):
    """A module of this package."""

    def load(self, folder: Path, export: str, paths: tuple[str, ...]) -> LoadedModel:
        """Load the files of one export, already checked."""


def check_runtime(name: str) -> RuntimeEntry:
    """Without importing it. Raises RuntimeMissingError."""
    if name not in RUNTIMES:
        raise RuntimeMissingError(f"no runtime named {name!r}; there are: {', '.join(RUNTIMES)}")
    entry = RUNTIMES[name]
    if find_spec(entry.package) is None:
        raise RuntimeMissingError(f"runtime {name!r} is not installed: no package {entry.package}")
    return entry


def find_runtime(name: str) -> Runtime:
    """Import it. Raises RuntimeMissingError."""
    entry = check_runtime(name)
    try:
        module: Runtime = import_module(entry.module)
    except ImportError as error:
        raise RuntimeMissingError(f"runtime {name!r} cannot be used here: {error}") from error
    return module
