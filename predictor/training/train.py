"""Trains a model and puts its artefacts in place: `python -m predictor.training.train`."""

from __future__ import annotations

import argparse
import platform
import sys
import time
from pathlib import Path
from typing import Any

import tensorflow as tf

from predictor import config
from predictor.registry import hash_file
from predictor.training.card import write_card
from predictor.training.cases import make_cases
from predictor.training.export import SAVED_MODEL, export_saved_model
from predictor.training.fit import fit_members
from predictor.training.observations import (
    Observations,
    ObservationsError,
    find_files,
    from_hour,
    read_observations,
)
from predictor.training.publish import write_apart, write_manifest
from predictor.training.recipes import RECIPES
from predictor.training.split import Boundaries, find_boundaries, split_cases


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    options = _parse(arguments)
    try:
        observations = [read_observations(path) for path in find_files(options.observations)]
    except ObservationsError as error:
        print(error, file=sys.stderr)
        return 1
    for one in observations:
        print(f"{one.name}: {one.rows} rows, {len(one.stations)} stations, dropped {one.dropped}")
    train_model(options.model, observations, options.seed, options.models_folder)
    return 0


def train_model(name: str, observations: list[Observations], seed: int, models: Path) -> None:
    """Fit, export, describe. Nothing is left behind when it fails."""
    started_s = time.monotonic()
    cases = make_cases(observations)
    boundaries = find_boundaries(cases)
    members, scaling = fit_members(split_cases(cases, boundaries).train, RECIPES[name], seed)
    with write_apart(models / name) as folder:
        export_saved_model(members, scaling, folder)
        minutes = (time.monotonic() - started_s) / 60.0
        about = _describe(observations, boundaries, seed, minutes)
        write_manifest(folder, name, [SAVED_MODEL], about)
        write_card(folder, name, about)
    print(f"{models / name}: trained in {minutes:.1f} minutes")


def _describe(
    observations: list[Observations], boundaries: dict[str, Boundaries], seed: int, minutes: float
) -> dict[str, Any]:
    return {
        "training": {
            "seed": seed,
            "minutes": round(minutes, 1),
            "libraries": {"python": platform.python_version(), "tensorflow": tf.__version__},
            "data": [_describe_data(one, boundaries[one.name]) for one in observations],
        }
    }


def _describe_data(one: Observations, cut: Boundaries) -> dict[str, Any]:
    return {
        "file": one.path.name,
        "sha256": hash_file(one.path),
        "rows": one.rows,
        "stations": [station.name for station in one.stations],
        "validation_from": from_hour(cut.validation_from_hour).isoformat(),
        "test_from": from_hour(cut.test_from_hour).isoformat(),
    }


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="predictor.training.train", description=__doc__)
    parser.add_argument("--model", choices=sorted(RECIPES), default="rain_mini")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--observations", type=Path, nargs="+", default=[Path("data/observations")])
    parser.add_argument("--models-folder", type=Path, default=config.MODELS_FOLDER)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
