"""Compares a model's exports on real windows: size, loss of score, latency, memory."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from predictor.features import Floats, ModelInput
from predictor.runtimes import find_runtime
from predictor.training.cases import Cases
from predictor.training.export_memory import measure_memory_mb
from predictor.training.metrics import Array
from predictor.training.reference import SCORED_COLUMNS
from predictor.training.scoring import iterate_inputs

COMPARED_CASES = 20_000
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Comparison:
    """One export against the LiteRT float32 one."""

    size_bytes: int
    brier_loss: float  # the largest relative one of the seven targets
    largest_difference: float  # in probability
    p50_ms: float
    memory_mb: float  # resident, of a process that serves nothing but it


def compare_exports(
    folder: Path, exports: Mapping[str, list[str]], cases: Cases, reference: str
) -> dict[str, Comparison]:
    """On a fixed sample of `cases`."""
    chosen = _sample(cases)
    outcome = chosen.targets(chosen.ends)[:, SCORED_COLUMNS]
    windows = list(iterate_inputs(chosen))
    runs = {name: _run(folder, name, paths, windows) for name, paths in exports.items()}
    return {
        name: Comparison(
            size_bytes=sum(_measure_size(folder / path) for path in exports[name]),
            brier_loss=_lose_brier(probability, runs[reference][0], outcome),
            largest_difference=float(np.abs(probability - runs[reference][0]).max()),
            p50_ms=p50_ms,
            memory_mb=round(measure_memory_mb(name_runtime(name), folder, name, exports[name]), 1),
        )
        for name, (probability, p50_ms) in runs.items()
    }


def name_runtime(export: str) -> str:
    """The runtime that an export is for."""
    return "litert" if export.startswith("litert") else "tensorflow"


def _sample(cases: Cases) -> Cases:
    chosen = np.zeros(len(cases.ends), dtype=bool)
    count = min(COMPARED_CASES, len(cases.ends))
    chosen[np.random.default_rng(1).choice(len(cases.ends), count, replace=False)] = True
    return cases.pick(chosen)


def _run(
    folder: Path, export: str, paths: list[str], windows: list[ModelInput]
) -> tuple[Floats, float]:
    loaded = find_runtime(name_runtime(export)).load(folder, export, tuple(paths))
    answers, elapsed_ms = [], []
    for window in windows:
        started_s = time.perf_counter()
        answers.append(loaded.predict(window))
        elapsed_ms.append((time.perf_counter() - started_s) * 1000.0)
    loaded.unload()
    return np.array(answers), float(np.median(elapsed_ms[WARM_UP:]))


def _lose_brier(probability: Floats, reference: Floats, outcome: Floats) -> float:
    brier, wanted = (_compute_briers(one, outcome) for one in (probability, reference))
    return float((brier / wanted - 1.0).max())


def _compute_briers(probability: Floats, outcome: Floats) -> Array:
    errors = (probability[:, SCORED_COLUMNS].astype(np.float64) - outcome) ** 2
    briers: Array = np.nanmean(errors, axis=0)
    return briers


def _measure_size(path: Path) -> int:
    files: list[Any] = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return sum(file.stat().st_size for file in files)
