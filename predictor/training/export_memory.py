"""What a process holds that serves one export: `python -m predictor.training.export_memory ...`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dyno.memory import memory_mb
from predictor import contract
from predictor.features import CONTEXT_NAMES, ModelInput
from predictor.runtimes import find_runtime

ANSWERS = 1_000


def measure_memory_mb(runtime: str, folder: Path, export: str, paths: Sequence[str]) -> float:
    """Resident MB of a fresh process, without Celery and not trimmed, after ANSWERS answers.

    Raises CalledProcessError.
    """
    arguments = [runtime, str(folder.resolve()), export, *paths]
    command = [sys.executable, "-m", "predictor.training.export_memory", *arguments]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, capture_output=True, check=True, text=True, cwd=root)  # noqa: S603
    return float(done.stdout.split()[-1])


def answer_and_measure(runtime: str, folder: Path, export: str, paths: Sequence[str]) -> float:
    """In this process."""
    window: ModelInput = {
        "hours": np.zeros((1, contract.WINDOW_HOURS, len(contract.FEATURES)), dtype=np.float32),
        "context": np.zeros((1, len(CONTEXT_NAMES)), dtype=np.float32),
    }
    loaded = find_runtime(runtime).load(folder, export, tuple(paths))
    for _ in range(ANSWERS):
        loaded.predict(window)
    return memory_mb()


if __name__ == "__main__":
    _, runtime, folder, export, *paths = sys.argv
    print(answer_and_measure(runtime, Path(folder), export, paths))
