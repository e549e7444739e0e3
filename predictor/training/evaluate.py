"""Scores an exported model on rows it has never seen: `python -m predictor.training.evaluate`.

A station that the model was trained on is scored from its test part on, any other in full. The
scores are those of a site that begins there with the first row and calibrates online; those of the
model alone stand beside them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Mapping, Set
from pathlib import Path
from typing import Any

import numpy as np

from predictor import config
from predictor.engine import Engine
from predictor.registry import ArtefactError, NoModelError, UnknownModelError, find_model
from predictor.runtimes import RuntimeMissingError
from predictor.training.card import RELIABILITY_NAME, record_in_card
from predictor.training.cases import make_cases
from predictor.training.metrics import Array
from predictor.training.observations import ObservationsError, find_files, read_observations
from predictor.training.prequential import calibrate_online
from predictor.training.provenance import read_boundaries, read_tables, read_training
from predictor.training.publish import replace_text
from predictor.training.reference import load_references
from predictor.training.reliability import draw_reliability
from predictor.training.scoring import (
    Forecasts,
    collect_forecasts,
    predict_cases,
    predict_counted,
    score_forecasts,
    score_part,
)
from predictor.training.split import Boundaries, Split, split_cases
from predictor.training.tables import print_scores

TrainedRivals = dict[tuple[tuple[str, Boundaries], ...], Mapping[str, Array]]
FAILURES = (ObservationsError, ArtefactError, NoModelError, UnknownModelError, RuntimeMissingError)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    options = _parse(arguments)
    trained: TrainedRivals = {}
    try:
        for name in options.model:
            forecasts, record = evaluate(name, options, trained)
            _tell(name, options, forecasts, record)
    except FAILURES as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def _tell(
    name: str, options: argparse.Namespace, forecasts: Forecasts, record: dict[str, Any]
) -> None:
    if options.reliability:
        options.reliability.write_text(draw_reliability(forecasts), encoding="utf-8")
    if options.record:
        keep_scores(options.models_folder / name, record, draw_reliability(forecasts))
    if options.json:
        print(json.dumps(record))
    else:
        print_scores(record)


def evaluate(
    name: str, options: argparse.Namespace, trained: TrainedRivals
) -> tuple[Forecasts, dict[str, Any]]:
    """Raises what FAILURES names. `trained` remembers rivals: models often share their rows."""
    manifest = find_model(options.models_folder, name)
    training = read_training(manifest.folder)
    observations = [read_observations(path) for path in find_files(options.observations)]
    boundaries = read_boundaries(training)
    split = split_cases(make_cases(observations), boundaries)
    if not split.test.ends.size:
        raise ObservationsError("no row is left to score: the model was trained on all of them")
    engine = Engine(options.models_folder, name, options.runtime, options.export)
    probability = predict_cases(engine, split.test)
    references = load_references(manifest.folder)
    rivals = predict_counted(references, read_tables(training), split.test)
    if wants_rivals(options):
        rows = tuple(sorted(boundaries.items()))
        if rows not in trained:
            trained[rows] = _train_rivals(split)
        rivals |= trained[rows]
    served = calibrate_online(split.test, probability)
    forecasts = collect_forecasts(split.test, served, probability, rivals)
    return forecasts, _describe(manifest.name, manifest.version, forecasts, training)


def keep_scores(folder: Path, record: Mapping[str, Any], reliability: str) -> None:
    """Beside the model: scores in manifest and card, reliability.svg."""
    replace_text(folder / RELIABILITY_NAME, reliability)
    record_in_card(folder, scores=record)


def wants_rivals(options: argparse.Namespace) -> bool:
    """The trained rivals take minutes: programs that read JSON must ask for them."""
    return bool(options.rivals == "all" or (options.rivals is None and not options.json))


def _train_rivals(split: Split) -> Mapping[str, Array]:
    if not (split.train.ends.size and split.validation.ends.size):
        print(
            "no training rows given: LightGBM and logistic regression are left out", file=sys.stderr
        )
        return {}
    try:
        from predictor.training.baselines import predict_rivals  # needs requirements/training
    except ImportError as error:
        print(f"{error.name} is not installed: its rival is left out", file=sys.stderr)
        return {}
    return predict_rivals(split, split.test)


def _describe(
    name: str, version: str, forecasts: Forecasts, training: Mapping[str, Any]
) -> dict[str, Any]:
    cases, known = forecasts.cases, set(read_boundaries(training))
    data_sets = score_forecasts(forecasts)
    for number, data_set in enumerate(cases.data_set_names):
        if data_set in data_sets:
            data_sets[data_set] |= _count_stations(cases.list_stations(number), known)
    record = {"model": name, "version": version, "datasets": data_sets}
    if len(data_sets) > 1:
        # One data set's few months leave much to chance, above all in the calibration error.
        targets = score_part(forecasts, np.ones(len(cases.ends), dtype=np.bool_))
        record["together"] = {"targets": targets} | _count_stations(cases.station_names, known)
    return record


def _count_stations(stations: Collection[str], known: Set[str]) -> dict[str, Any]:
    return {"stations": len(stations), "unseen_stations": sorted(set(stations) - known)}


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="predictor.training.evaluate", description=__doc__)
    parser.add_argument("--observations", type=Path, nargs="+", default=[Path("data/observations")])
    parser.add_argument("--model", nargs="+", default=[config.read_default_model()])
    parser.add_argument(
        "--json", action="store_true", help="a line of JSON a model, no fitted rivals"
    )
    parser.add_argument(
        "--rivals", choices=("counted", "all"), help="default: all, with --json counted"
    )
    parser.add_argument("--runtime", default=config.read_runtime())
    parser.add_argument("--export", help="default: the runtime's own choice")
    parser.add_argument("--reliability", type=Path, help="write the diagrams to this SVG file")
    parser.add_argument("--record", action="store_true", help="keep the scores with the model")
    parser.add_argument("--models-folder", type=Path, default=config.MODELS_FOLDER)
    options = parser.parse_args(arguments)
    if options.reliability and len(options.model) > 1:
        parser.error("--reliability takes one file: name one --model")
    return options


if __name__ == "__main__":
    sys.exit(main())
