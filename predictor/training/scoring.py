"""Scores an exported model, through the engine that serves requests, beside its rivals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from predictor.engine import Engine
from predictor.features import Floats, ModelInput
from predictor.training.cases import Cases, Indices
from predictor.training.metrics import Array, compute_skill, score, to_record
from predictor.training.reference import (
    ELSEWHERE,
    SCORED_COLUMNS,
    SCORED_TARGETS,
    Reference,
    predict_climatology,
    predict_persistence,
)

Mask = NDArray[np.bool_]

CHUNK = 2_000
MODEL_ALONE = "model_alone"


@dataclass(frozen=True, slots=True)
class Forecasts:
    """All (cases, 7): what happened, and what each said."""

    cases: Cases
    outcome: Floats  # NaN unknown
    model: Array  # as a site gives it: calibrated online
    rivals: Mapping[str, Array]  # climatology and MODEL_ALONE are always there


def predict_cases(engine: Engine, cases: Cases, model: str | None = None) -> Array:
    """(cases, 26): one request after the other, as in serving."""
    requests = tqdm(iterate_inputs(cases), total=len(cases.ends), desc="predict", unit="window")
    return np.array([engine.predict(one, model)[1] for one in requests], dtype=np.float64)


def iterate_inputs(cases: Cases) -> Iterator[ModelInput]:
    """The arrays that `features.to_model_input` makes of the same windows."""
    for part in np.array_split(cases.ends, max(1, len(cases.ends) // CHUNK)):
        windows, context = cases.windows(part), cases.context(part)
        for index in range(len(part)):
            chosen = slice(index, index + 1)
            yield {"hours": windows[chosen], "context": context[chosen]}


def predict_counted(
    references: Mapping[str, Reference], tables: Mapping[str, str], cases: Cases
) -> dict[str, Array]:
    """Climatology and persistence; `tables` names each known station's table."""
    names = [tables.get(station, ELSEWHERE) for station in cases.station_names]
    of_case = np.array(names)[cases.station_numbers[cases.ends]]
    shape = (len(cases.ends), len(SCORED_TARGETS))
    counted = {"climatology": np.empty(shape), "persistence": np.empty(shape)}
    for name in np.unique(of_case):
        chosen = of_case == name
        ends: Indices = cases.ends[chosen]
        counted["climatology"][chosen] = predict_climatology(references[name], cases, ends)
        counted["persistence"][chosen] = predict_persistence(references[name], cases, ends)
    return counted


def collect_forecasts(
    cases: Cases, served: Array, alone: Array, rivals: Mapping[str, Array]
) -> Forecasts:
    """The scored targets of (cases, 26): as a site gives them, and as the model alone does."""
    outcome = cases.targets(cases.ends)[:, SCORED_COLUMNS]
    others = {MODEL_ALONE: alone[:, SCORED_COLUMNS], **rivals}
    return Forecasts(cases, outcome, served[:, SCORED_COLUMNS], others)


def score_forecasts(forecasts: Forecasts) -> dict[str, Any]:
    """Data set -> {"targets": {"h1": {...}, ...}}."""
    numbers = forecasts.cases.data_set_numbers[forecasts.cases.ends]
    return {
        name: {"targets": score_part(forecasts, numbers == number)}
        for number, name in enumerate(forecasts.cases.data_set_names)
        if (numbers == number).any()
    }


def score_part(forecasts: Forecasts, chosen: Mask) -> dict[str, Any]:
    """Target -> scores of the chosen cases (a mask)."""
    return {
        name: _score_target(forecasts, column, chosen & _known(forecasts, column))
        for column, name in enumerate(SCORED_TARGETS)
        if (chosen & _known(forecasts, column)).any()
    }


def _known(forecasts: Forecasts, column: int) -> Mask:
    known: Mask = np.isfinite(forecasts.outcome[:, column])
    return known


def _score_target(forecasts: Forecasts, column: int, chosen: Mask) -> dict[str, Any]:
    outcome = forecasts.outcome[chosen, column].astype(np.float64)
    hours = forecasts.cases.hours[forecasts.cases.ends[chosen]]
    scores = {
        name: score(probability[chosen, column], outcome, hours)
        for name, probability in {**forecasts.rivals, "model": forecasts.model}.items()
    }
    reference = scores["climatology"].brier
    base_rate = float(outcome.mean())
    records = {
        name: to_record(
            one,
            skill=compute_skill(one.brier, reference),
            skill_over_base_rate=compute_skill(one.brier, base_rate * (1.0 - base_rate)),
        )
        for name, one in scores.items()
    }
    return {**records.pop("model"), "rivals": records}
