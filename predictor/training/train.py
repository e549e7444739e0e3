"""Trains a model and puts its artefacts in place: `python -m predictor.training.train`."""

from __future__ import annotations

import argparse
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from predictor import config
from predictor.features import ModelInput
from predictor.training.card import write_card
from predictor.training.cases import Cases, make_cases
from predictor.training.compare_exports import Comparison, compare_exports
from predictor.training.export import FLOAT32, SAVED_MODEL, export_litert, export_saved_model
from predictor.training.fit import Fitted, Members, fit_members
from predictor.training.observations import (
    Observations,
    ObservationsError,
    find_files,
    read_observations,
)
from predictor.training.provenance import describe_training
from predictor.training.publish import write_apart, write_manifest
from predictor.training.recipes import RECIPES, Recipe
from predictor.training.reference import count_references, save_references
from predictor.training.scoring import iterate_inputs
from predictor.training.split import Split, find_boundaries, split_cases

QUANTISER_CASES = 400
# One for each runtime; the smaller forms save no memory worth their place in each release.
SHIPPED = (SAVED_MODEL, FLOAT32)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    options = _parse(arguments)
    try:
        observations = [read_observations(path) for path in find_files(options.observations)]
        for one in observations:
            print(
                f"{one.name}: {one.rows} rows, {len(one.stations)} stations, dropped: {one.dropped}"
            )
        fitted: Fitted = {}
        for name in options.model:
            train_model(
                name, RECIPES[name], observations, options.seed, options.models_folder, fitted
            )
    except ObservationsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def train_model(
    name: str,
    recipe: Recipe,
    observations: list[Observations],
    seed: int,
    models: Path,
    fitted: Fitted | None = None,
) -> None:
    """Fit, export, describe. Nothing is left behind when it fails. Raises ObservationsError."""
    cases = make_cases(observations)
    boundaries = find_boundaries(cases)
    split = split_cases(cases, boundaries)
    members = fit_members(split.learned, recipe, seed, fitted)
    started_s = time.monotonic()
    with write_apart(models / name) as folder:
        exports, compared = write_exports(members, split, folder)
        save_references(count_references(split.learned), folder)
        about = {
            "training": describe_training(observations, boundaries, seed),
            "cost": _measure_cost(members.minutes + (time.monotonic() - started_s) / 60.0),
            "compared_exports": {name: asdict(one) for name, one in compared.items()},
        }
        write_manifest(folder, name, exports, about)
        write_card(folder)
    print(f"{models / name}: {about['cost']}")


def write_exports(
    members: Members, split: Split, folder: Path
) -> tuple[dict[str, list[str]], dict[str, Comparison]]:
    """What is SHIPPED, and how every form of the model compares with it."""
    networks, scaling = members.networks, members.scaling
    export_saved_model(networks, scaling, folder)
    examples = _pick_examples(split.learned)
    exports = {SAVED_MODEL: [SAVED_MODEL], **export_litert(networks, scaling, examples, folder)}
    compared = compare_exports(folder, exports, split.validation, FLOAT32)
    kept = {name: exports.pop(name) for name in SHIPPED}
    for path in (path for paths in exports.values() for path in paths):
        (folder / path).unlink()
    return kept, compared


def _pick_examples(learned: Cases) -> list[ModelInput]:
    """Evenly over the training rows."""
    step = max(1, len(learned.ends) // QUANTISER_CASES)
    return list(iterate_inputs(learned.pick(np.arange(len(learned.ends)) % step == 0)))


def _measure_cost(minutes: float) -> dict[str, Any]:
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if sys.platform == "darwin":
        peak_kib //= 1024  # macOS tells bytes
    return {
        "minutes": round(minutes, 1),
        "peak_memory_mb": peak_kib // 1024,
    }


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="predictor.training.train", description=__doc__)
    parser.add_argument("--model", choices=sorted(RECIPES), nargs="+", default=["rain_mini"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--observations", type=Path, nargs="+", default=[Path("data/observations")])
    parser.add_argument("--models-folder", type=Path, default=config.MODELS_FOLDER)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
