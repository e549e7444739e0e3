"""What the site and the predictor agree on: names, units, bounds, messages. Standard library only."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from reprlib import repr as quote  # cut: an error may repeat what a message said
from typing import Any

SCHEMA_VERSION = 3  # raise on any change of name, order, unit or window; models are made for one
TASK_NAME = "predictor.predict_rain"
# Two queues: people wait for an answer, the hourly schedule does not. See predictor/priority.py.
PEOPLE_QUEUE = "predictions.people"
SCHEDULE_QUEUE = "predictions.schedule"
PEOPLE_IN_A_ROW = 3  # people's requests answered before one of the schedule, while both wait
UNACKED_KEY = "unacked_predictions"  # Redis hash: messages that a predictor has in its hands

WINDOW_HOURS = 24  # hourly rows, oldest first; the last row is the hour `window_end_at`
LEAD_HOURS = 24
ANY_HOURS = (6, 24)  # spans that are answered beside the hours: any wet hour within
WET_HOUR_MM = 0.1  # an hour with at least this much precipitation is a wet hour
WET_EDGE_MM = WET_HOUR_MM - 1e-4  # gauges report steps of 0.1 mm, in float32 maybe a hair less


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of the window; `low` and `high` are physical bounds, not the training range."""

    name: str
    low: float
    high: float


FEATURES = (
    Feature("temperature_c", -90.0, 60.0),  # 2 m air temperature
    Feature("dew_point_c", -100.0, 40.0),  # 2 m
    Feature("pressure_msl_hpa", 850.0, 1090.0),
    Feature("wind_speed_ms", 0.0, 115.0),  # 10 m, mean
    Feature("wind_direction_deg", 0.0, 360.0),  # where the wind comes from
    Feature("precipitation_mm", 0.0, 305.0),  # sum of the hour that ends at the row's time
)
FEATURE_NAMES = tuple(feature.name for feature in FEATURES)

CLIMATE_DAYS = 90  # the record that ends with the window; a younger one is shorter
MIN_CLIMATE_HOURS = 96  # with a known value, or that value of the climate is unknown
# What is usual at the place of late. A deep low or a damp day is one against what is usual there:
# a model that knows this is worth much more at places that it was not trained on.
CLIMATE = (
    Feature("usual_temperature_c", -90.0, 60.0),  # means over the known hours
    Feature("usual_dew_point_c", -100.0, 40.0),
    Feature("usual_pressure_msl_hpa", 850.0, 1090.0),
    Feature("usual_wind_speed_ms", 0.0, 115.0),
    Feature("wet_1h_share", 0.0, 1.0),  # of the hours: precipitation >= WET_HOUR_MM
    Feature("wet_6h_share", 0.0, 1.0),  # of the spans of 6 h, one ending in each hour: any wet
    Feature("wet_24h_share", 0.0, 1.0),
    Feature("known_days", 0.0, float(CLIMATE_DAYS)),  # hours with known precipitation, over 24
)
CLIMATE_NAMES = tuple(feature.name for feature in CLIMATE)
UNKNOWN_CLIMATE: tuple[float | None, ...] = (None,) * len(CLIMATE)

# A window may have gaps, but a model needs something to go by.
MIN_PRESENT_VALUES = 36  # of WINDOW_HOURS x len(FEATURES) = 144
RECENT_HOURS = 6
MIN_RECENT_ROWS = 3  # of the last RECENT_HOURS rows must hold at least one value

Row = Sequence[float | None]
MAX = sys.float_info.max


class ContractError(ValueError):
    """A message breaks the agreement. Never retry it: the same message fails again."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a prediction is made from.

    `hours` has shape (WINDOW_HOURS, len(FEATURES)), oldest first, None where unknown; `climate`
    has shape (len(CLIMATE),). `window_end_at` is aware UTC and on the full hour.
    """

    latitude: float
    longitude: float
    window_end_at: datetime
    hours: tuple[tuple[float | None, ...], ...]
    climate: tuple[float | None, ...] = UNKNOWN_CLIMATE

    def to_wire(self) -> dict[str, Any]:
        return {
            "latitude": self.latitude,
            "longitude": self.longitude,
            "window_end_at": self.window_end_at.isoformat(),
            "hours": [list(row) for row in self.hours],
            "climate": dict(zip(CLIMATE_NAMES, self.climate, strict=True)),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says: P(precipitation >= WET_HOUR_MM), each 0..1, from the window's end on."""

    hourly_probability: tuple[float, ...]  # (LEAD_HOURS,): hour 1, hour 2, ...
    probability_any_6h: float
    probability_any_24h: float
    model_name: str
    model_version: str
    elapsed_ms: float  # in the predictor, model load included when it was the first

    def to_wire(self) -> dict[str, Any]:
        """Plain JSON: the message of an answered request."""
        said = {**asdict(self), "hourly_probability": list(self.hourly_probability)}
        return {"schema_version": SCHEMA_VERSION, "outcome": "ANSWERED", **said}


@dataclass(frozen=True, slots=True)
class Refusal:
    """The predictor's no. `error` is the class name of the reason, `message` is for people."""

    error: str
    message: str

    def to_wire(self) -> dict[str, Any]:
        """Plain JSON: the message of a refused request."""
        return {"schema_version": SCHEMA_VERSION, "outcome": "REFUSED", **asdict(self)}


def make_window(
    *,
    latitude: float,
    longitude: float,
    window_end_at: datetime,
    hours: Sequence[Row],
    climate: Mapping[str, float | None] | None = None,
) -> Window:
    """Check and freeze. Raises ContractError that names the hour, the feature and the bounds.

    `climate` is by CLIMATE_NAMES; what it does not name is unknown, what else it names ignored.
    """
    _check_number("latitude", latitude, -90.0, 90.0)
    _check_number("longitude", longitude, -180.0, 180.0)
    if window_end_at.tzinfo is None or window_end_at.utcoffset() is None:
        raise ContractError("window_end_at must carry a time zone")
    end_at = window_end_at.astimezone(UTC)
    if end_at.minute or end_at.second or end_at.microsecond:
        raise ContractError(f"window_end_at must be a full hour, got {end_at.isoformat()}")
    if len(hours) != WINDOW_HOURS:
        raise ContractError(f"a window has {WINDOW_HOURS} hours, got {len(hours)}")
    rows = tuple(_check_row(index, row) for index, row in enumerate(hours))
    _check_enough(rows)
    usual = UNKNOWN_CLIMATE if climate is None else _check_climate(climate)
    return Window(float(latitude), float(longitude), end_at, rows, usual)


def parse_window(schema_version: object, message: Any) -> Window:
    """A window from the wire. Raises ContractError."""
    check_version(schema_version)
    try:
        latitude, longitude = message["latitude"], message["longitude"]
        end_at, hours = message["window_end_at"], message["hours"]
    except (KeyError, TypeError) as error:
        raise ContractError(f"the window lacks {error}") from error
    try:
        window_end_at = datetime.fromisoformat(end_at)
    except (TypeError, ValueError) as error:
        raise ContractError(f"window_end_at is no ISO time: {quote(end_at)}") from error
    if not isinstance(hours, Sequence) or isinstance(hours, str):
        raise ContractError("hours must be a list of rows")
    return make_window(
        latitude=latitude,
        longitude=longitude,
        window_end_at=window_end_at,
        hours=hours,
        climate=message.get("climate"),
    )


def parse_answer(message: Mapping[str, Any]) -> Answer | Refusal:
    """What the predictor said. Raises ContractError."""
    if not isinstance(message, Mapping):
        raise ContractError(f"an answer is an object, got {type(message).__name__}")
    check_version(message.get("schema_version"))
    outcome = message.get("outcome")
    if outcome == "REFUSED":
        return Refusal(str(message.get("error", "")), str(message.get("message", "")))
    if outcome != "ANSWERED":
        raise ContractError(f"outcome must be ANSWERED or REFUSED, got {quote(outcome)}")
    hourly = message.get("hourly_probability")
    if not isinstance(hourly, Sequence) or len(hourly) != LEAD_HOURS:
        raise ContractError(f"hourly_probability must hold {LEAD_HOURS} values")
    for index, value in enumerate(hourly):
        _check_number(f"hourly_probability[{index}]", value, 0.0, 1.0)
    for name in ("probability_any_6h", "probability_any_24h"):
        _check_number(name, message.get(name), 0.0, 1.0)
    _check_number("elapsed_ms", message.get("elapsed_ms"), 0.0, MAX)
    model_name, model_version = message.get("model_name"), message.get("model_version")
    if not (isinstance(model_name, str) and model_name and isinstance(model_version, str)):
        raise ContractError("an answer names its model and version")
    return Answer(
        hourly_probability=tuple(float(value) for value in hourly),
        probability_any_6h=float(message["probability_any_6h"]),
        probability_any_24h=float(message["probability_any_24h"]),
        model_name=model_name,
        model_version=model_version,
        elapsed_ms=float(message["elapsed_ms"]),
    )


def check_version(schema_version: object) -> None:
    """Raise ContractError unless both sides speak the same version."""
    if schema_version != SCHEMA_VERSION:
        raise ContractError(
            f"schema_version {quote(schema_version)} is not {SCHEMA_VERSION}: "
            "deploy the site and the predictor from the same release"
        )


def _check_row(index: int, row: object) -> tuple[float | None, ...]:
    if not isinstance(row, Sequence) or isinstance(row, str) or len(row) != len(FEATURES):
        raise ContractError(f"hour {index} must hold {len(FEATURES)} values: {FEATURE_NAMES}")
    for feature, value in zip(FEATURES, row, strict=True):
        is_plain = type(value) is float and feature.low <= value <= feature.high
        if value is not None and not is_plain:  # the name alone costs more than the check
            _check_number(f"hour {index} {feature.name}", value, feature.low, feature.high)
    return tuple(None if value is None else float(value) for value in row)


def _check_climate(climate: object) -> tuple[float | None, ...]:
    if not isinstance(climate, Mapping):
        raise ContractError(f"climate must be an object, got {type(climate).__name__}")
    values = [climate.get(name) for name in CLIMATE_NAMES]
    for feature, value in zip(CLIMATE, values, strict=True):
        if value is not None:
            _check_number(f"climate {feature.name}", value, feature.low, feature.high)
    return tuple(None if value is None else float(value) for value in values)


def _check_enough(rows: Sequence[Row]) -> None:
    present = sum(value is not None for row in rows for value in row)
    if present < MIN_PRESENT_VALUES:
        raise ContractError(
            f"too much is missing: {present} of {WINDOW_HOURS * len(FEATURES)} values present, "
            f"at least {MIN_PRESENT_VALUES} needed"
        )
    recent = sum(any(value is not None for value in row) for row in rows[-RECENT_HOURS:])
    if recent < MIN_RECENT_ROWS:
        raise ContractError(
            f"too little is recent: {recent} of the last {RECENT_HOURS} hours hold a value, "
            f"at least {MIN_RECENT_ROWS} needed"
        )


def _check_number(name: str, value: object, low: float, high: float) -> None:
    # A whole number may be too large for any other question; NaN is not within anything.
    if isinstance(value, bool) or not isinstance(value, int | float) or not -MAX <= value <= MAX:
        raise ContractError(f"{name} must be a finite number, got {quote(value)}")
    if not low <= value <= high:
        raise ContractError(f"{name} must be within {low:g} and {high:g}, got {value:g}")
