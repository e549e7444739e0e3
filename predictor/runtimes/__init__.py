"""What runs an exported model: one small interface, one file each, imported on first use."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # NumPy must not be loaded before the first request
    from predictor.features import Floats, ModelInput

RUNTIMES = {
    "tensorflow": "predictor.runtimes.tensorflow",
    "litert": "predictor.runtimes.litert",
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

    DEFAULT_EXPORT: str

    def load(self, folder: Path, export: str, paths: tuple[str, ...]) -> LoadedModel:
        """Load the files of one export, already checked."""


def find_runtime(name: str) -> Runtime:
    """Raises RuntimeMissingError."""
    if name not in RUNTIMES:
        raise RuntimeMissingError(f"no runtime named {name!r}; there are: {', '.join(RUNTIMES)}")
    try:
        module: Runtime = import_module(RUNTIMES[name])
    except ImportError as error:
        raise RuntimeMissingError(f"runtime {name!r} is not installed: {error}") from error
    return module
