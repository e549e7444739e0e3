"""Counted references that a model must beat: climatology by month and hour, and persistence.

They are kept beside the model, so that later data can be scored without the training data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictor import contract
from predictor.features import Floats
from predictor.training.cases import TARGET_NAMES, Cases, Indices
from predictor.training.climate import RAIN_COLUMN
from predictor.training.metrics import Array
from predictor.training.observations import from_hour

REFERENCE_NAME = "reference.json"
SCORED_TARGETS = ("h1", "h3", "h6", "h12", "h24", "any6", "any24")
SCORED_COLUMNS = tuple(TARGET_NAMES.index(name) for name in SCORED_TARGETS)
ELSEWHERE = "elsewhere"  # the table for places without one of their own

MONTHS = 12
HOURS = 24
STATES = 3  # of the newest hour: dry, wet, unknown
# A cell that saw few cases leans on its month, a month on the whole.
PRIOR_CASES = 30.0


@dataclass(frozen=True, slots=True)
class Reference:
    """Of one data set: probability by month and UTC hour, and by month and newest hour."""

    climatology: Array  # (12, 24, 7)
    persistence: Array  # (12, 3, 7)


def count_references(train: Cases) -> dict[str, Reference]:
    """One per data set, and one of all of them together."""
    numbers = train.data_set_numbers[train.ends]
    counted = {
        name: _count(train, train.ends[numbers == number])
        for number, name in enumerate(train.data_set_names)
    }
    return {**counted, ELSEWHERE: _count(train, train.ends)}


def save_references(references: Mapping[str, Reference], folder: Path) -> None:
    """folder/reference.json."""
    record = {
        "targets": SCORED_TARGETS,
        "tables": {name: _to_lists(one) for name, one in references.items()},
    }
    (folder / REFERENCE_NAME).write_text(json.dumps(record) + "\n", encoding="utf-8")


def load_references(folder: Path) -> dict[str, Reference]:
    """What `save_references` wrote."""
    record = json.loads((folder / REFERENCE_NAME).read_text(encoding="utf-8"))
    return {
        name: Reference(np.array(table["climatology"]), np.array(table["persistence"]))
        for name, table in record["tables"].items()
    }


def predict_climatology(reference: Reference, cases: Cases, ends: Indices) -> Array:
    """(n,) -> (n, 7)."""
    probability: Array = reference.climatology[_month(cases, ends), cases.hours[ends] % HOURS]
    return probability


def predict_persistence(reference: Reference, cases: Cases, ends: Indices) -> Array:
    """(n,) -> (n, 7)."""
    probability: Array = reference.persistence[_month(cases, ends), _state(cases, ends)]
    return probability


def _count(cases: Cases, ends: Indices) -> Reference:
    targets = cases.targets(ends)[:, SCORED_COLUMNS]
    month = _month(cases, ends)
    return Reference(
        _share(month, cases.hours[ends] % HOURS, HOURS, targets),
        _share(month, _state(cases, ends), STATES, targets),
    )


def _share(month: Indices, cell: Indices, cells: int, targets: Floats) -> Array:
    """(12, cells, 7): the share of wet outcomes, leaning on the coarser share."""
    whole = np.nanmean(targets, axis=0, dtype=np.float64)
    monthly = _lean(month, MONTHS, targets, np.tile(whole, (MONTHS, 1)))
    prior = np.repeat(monthly, cells, axis=0)
    shares = _lean(month * cells + cell, MONTHS * cells, targets, prior)
    return shares.reshape(MONTHS, cells, -1)


def _lean(groups: Indices, count: int, targets: Floats, prior: Array) -> Array:
    known = np.isfinite(targets)
    wet = np.zeros((count, targets.shape[1]))
    seen = np.zeros_like(wet)
    np.add.at(wet, groups, np.where(known, targets, 0.0))
    np.add.at(seen, groups, known)
    share: Array = (wet + PRIOR_CASES * prior) / (seen + PRIOR_CASES)
    return share


def _month(cases: Cases, ends: Indices) -> NDArray[np.int64]:
    """0 to 11, looked up once an hour of the record."""
    hours, inverse = np.unique(cases.hours[ends], return_inverse=True)
    months = np.array([from_hour(int(hour)).month - 1 for hour in hours], dtype=np.int64)
    return months[inverse]


def _state(cases: Cases, ends: Indices) -> NDArray[np.int64]:
    rain_mm = cases.grid[ends, RAIN_COLUMN]
    return np.where(np.isnan(rain_mm), 2, np.where(rain_mm >= contract.WET_EDGE_MM, 1, 0))


def _to_lists(reference: Reference) -> dict[str, Any]:
    return {
        "climatology": np.round(reference.climatology, 3).tolist(),
        "persistence": np.round(reference.persistence, 3).tolist(),
    }
