"""Scores on stations never seen: `python -m predictor.training.leave_out`.

Each station in turn is left out of training, together with those near it, whose weather would
tell; a model is trained on the others and scored on the left-out ones, of which it knows nothing.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from predictor import config
from predictor.engine import Engine
from predictor.registry import list_models
from predictor.training.card import record_in_card
from predictor.training.cases import Cases, make_cases
from predictor.training.export import FLOAT32, export_form, export_saved_model
from predictor.training.fit import fit_members
from predictor.training.observations import (
    Observations,
    ObservationsError,
    Station,
    find_files,
    read_observations,
)
from predictor.training.prequential import calibrate_online
from predictor.training.provenance import describe_training
from predictor.training.publish import write_apart, write_manifest
from predictor.training.recipes import RECIPES, Recipe
from predictor.training.reference import (
    SCORED_COLUMNS,
    SCORED_TARGETS,
    count_references,
)
from predictor.training.scoring import (
    collect_forecasts,
    predict_cases,
    predict_counted,
    score_forecasts,
)
from predictor.training.split import Boundaries, Split, find_boundaries, split_cases

NEAR_KM = 60.0
KM_PER_DEGREE = 111.2
RIVAL_TARGET = "any24"


def main(arguments: list[str] | None = None) -> int:
    """The command: one JSON line a group of stations."""
    options = _parse(arguments)
    recipe = replace(RECIPES[options.model], teacher=None)
    if options.epochs:
        recipe = replace(recipe, epochs=options.epochs, near_epochs=options.epochs)
    try:
        observations = [read_observations(path) for path in find_files(options.observations)]
        groups = []
        for group in pick_groups(group_stations(observations), options.only):
            groups.append(score_left_out(observations, group, recipe, options))
            print(json.dumps(groups[-1]), flush=True)
    except ObservationsError as error:
        print(error, file=sys.stderr)
        return 1
    if options.record:
        record = {"recipe": options.model, "epochs": recipe.epochs, "groups": groups}
        record_in_card(options.models_folder / options.model, left_out=record)
    return 0


def group_stations(observations: list[Observations]) -> list[set[str]]:
    """Names of the stations that leave together."""
    groups: list[list[Station]] = []
    for station in (station for one in observations for station in one.stations):
        near = [group for group in groups if any(_is_near(station, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([station, *(other for group in near for other in group)])
    return [{station.name for station in group} for group in groups]


def pick_groups(groups: list[set[str]], only: list[str] | None) -> list[set[str]]:
    """Those that hold a station of `only`. Raises ObservationsError for an unknown one."""
    if not only:
        return groups
    unknown = set(only) - set().union(*groups)
    if unknown:
        raise ObservationsError(f"no station named {', '.join(sorted(unknown))}")
    return [group for group in groups if group & set(only)]


def score_left_out(
    observations: list[Observations], group: set[str], recipe: Recipe, options: argparse.Namespace
) -> dict[str, Any]:
    """Train without `group`, score its test rows, and all of its rows.

    The test rows are what others score, too. All of them tell the calibration apart from chance.
    A site that begins with the station's first row calibrates online all along.
    """
    boundaries = find_boundaries(make_cases(observations))
    seen = split_cases(make_cases(pick_stations(observations, group, keep=False)), boundaries)
    unseen = make_cases(pick_stations(observations, group, keep=True))
    test = split_cases(unseen, boundaries).test
    with tempfile.TemporaryDirectory() as folder:
        models = options.keep or Path(folder)
        _train_apart(models, observations, boundaries, seen, recipe, options.seed)
        probability = predict_cases(Engine(models, "left_out", "litert"), unseen)
    served = calibrate_online(unseen, probability)
    counted = predict_counted(count_references(seen.learned), {}, unseen)
    is_test = np.isin(unseen.ends, test.ends)
    test_counted = {name: answers[is_test] for name, answers in counted.items()}
    scores = score_forecasts(
        collect_forecasts(test, served[is_test], probability[is_test], test_counted)
    )
    if options.rivals:
        _add_rival(scores, seen, test)
    return {
        "left_out": sorted(group),
        "datasets": scores,
        "all_rows": score_forecasts(collect_forecasts(unseen, served, probability, counted)),
    }


def pick_stations(
    observations: list[Observations], names: set[str], keep: bool
) -> list[Observations]:
    """Only `names`, or all but them; files that become empty are left out."""
    picked = [
        replace(one, stations=tuple(s for s in one.stations if (s.name in names) is keep))
        for one in observations
    ]
    return [one for one in picked if one.stations]


def _train_apart(
    models: Path,
    observations: list[Observations],
    boundaries: dict[str, Boundaries],
    split: Split,
    recipe: Recipe,
    seed: int,
) -> None:
    members = fit_members(split.learned, recipe, seed)
    about = {"training": describe_training(observations, boundaries, seed)}
    with write_apart(models / "left_out") as folder:
        export_saved_model(members.networks, members.scaling, folder)
        write_manifest(folder, "left_out", {FLOAT32: export_form(FLOAT32, folder)}, about)


def _add_rival(scores: dict[str, Any], split: Split, unseen: Cases) -> None:
    from predictor.training.baselines import predict_rivals  # needs requirements/training

    column = SCORED_TARGETS.index(RIVAL_TARGET)
    rivals = predict_rivals(split, unseen, (SCORED_COLUMNS[column],), ("lightgbm",))
    outcome = unseen.targets(unseen.ends)[:, SCORED_COLUMNS[column]]
    known = outcome == outcome
    numbers = unseen.data_set_numbers[unseen.ends]
    for number, name in enumerate(unseen.data_set_names):
        chosen = known & (numbers == number)
        for rival, probability in rivals.items():
            brier = float(((probability[chosen, 0] - outcome[chosen]) ** 2).mean())
            scores[name]["targets"][RIVAL_TARGET]["rivals"][rival] = {"brier": round(brier, 6)}


def _is_near(one: Station, other: Station) -> bool:
    north = one.latitude - other.latitude
    east = (one.longitude - other.longitude) * math.cos(math.radians(one.latitude))
    return math.hypot(north, east) * KM_PER_DEGREE < NEAR_KM


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="predictor.training.leave_out", description=__doc__)
    parser.add_argument("--model", choices=sorted(RECIPES), default="rain_mini")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--observations", type=Path, nargs="+", default=[Path("data/observations")])
    parser.add_argument("--only", nargs="+", metavar="STATION", help="leave out only these")
    parser.add_argument("--epochs", type=int, help="fewer, for a quick look")
    parser.add_argument("--rivals", action="store_true", help=f"LightGBM too, for {RIVAL_TARGET}")
    parser.add_argument("--record", action="store_true", help="keep the scores with the model")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the model there")
    parser.add_argument("--models-folder", type=Path, default=config.MODELS_FOLDER)
    options = parser.parse_args(arguments)
    if options.keep and len(options.only or ()) != 1:
        parser.error("--keep keeps one model: name one station with --only")
    if options.record and options.only:
        parser.error("--record keeps the scores of all stations: leave --only out")
    if options.record and options.model not in list_models(options.models_folder):
        parser.error(f"--record: there is no {options.model} in {options.models_folder}")
    return options


if __name__ == "__main__":
    sys.exit(main())
