"""A place's weather: what was measured, and what is forecast, hour by hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from weatherapp.alerting.engine.facts import FRESH
from weatherapp.api.checking import parse_time
from weatherapp.api.cursors import cut, read_cursor
from weatherapp.api.operations import PAGED, Call, Operation, Parameter, Slice
from weatherapp.api.resources.place import find_place, read_version
from weatherapp.api.schema import (
    FLAG,
    ID,
    INTEGER,
    NUMBER,
    PROBABILITY,
    TEXT,
    TIME,
    Field,
    Resource,
    field,
    limited,
    list_of,
    maybe,
    of,
)
from weatherapp.domain import rain
from weatherapp.domain.conditions import Basis
from weatherapp.domain.formatting import METRIC
from weatherapp.domain.quantities import BY_NAME, FORECAST_NAMES, MEASURED_NAMES, Kind
from weatherapp.domain.spans import HOUR, floor_hour
from weatherapp.models import Place, Prediction, SourceForecast

MOST_HOURS = 48
SHARE = "precipitation_probability"
OF_THE_HOUR = {
    Kind.INSTANT: "At the time itself.",
    Kind.SUM: "Sum of the hour that ends at the time.",
    Kind.MAXIMUM: "Highest of the hour that ends at the time.",
    Kind.CODE: "WMO 4677, at the time itself.",
}


@dataclass(frozen=True, slots=True)
class ForecastHour:
    """`values` are the source's; `chance` the site's."""

    at: datetime
    values: Mapping[str, float]
    chance: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """None: there is none."""

    place: Place
    place_now: datetime
    run: SourceForecast | None
    prediction: Prediction | None
    hours: list[ForecastHour]

    def is_fresh(self, at: datetime | None, basis: Basis) -> bool:
        return at is not None and self.place_now - at <= FRESH[basis] + self.place.fresh_longer


def _describe(name: str) -> str:
    return f"{_label(name)}. {OF_THE_HOUR[BY_NAME[name].kind]} Null: not known."


def _label(name: str) -> str:
    return (
        name.rpartition("_")[0].replace("_", " ").capitalize()
        if name != SHARE
        else ("Probability of precipitation as the source says")
    )


def _unit(name: str) -> str:
    return "" if name == SHARE else BY_NAME[name].display_unit(METRIC).symbol


def _value_of_reading(name: str) -> Field:
    return field(name, maybe(NUMBER), _describe(name), unit=_unit(name))


def _value_of_hour(name: str) -> Field:
    kind = PROBABILITY if name == SHARE else NUMBER
    return field(
        name, maybe(kind), _describe(name), lambda hour: hour.values.get(name), _unit(name)
    )


READING = Resource(
    "Reading",
    "What was measured at a place in one hour.",
    (
        field("at", TIME, "The hour, by the place's clock.", lambda row: row.observed_at),
        *(_value_of_reading(name) for name in MEASURED_NAMES),
        field("source", TEXT, "Who says so."),
        field("received_at", TIME, "When it came in as it is, by the real clock."),
    ),
)

HOUR_OF_FORECAST = Resource(
    "ForecastHour",
    "One hour to come.",
    (
        field("at", TIME, "When the hour ends, by the place's clock."),
        field(
            "rain_probability",
            maybe(PROBABILITY),
            "P(0.1 mm or more in the hour) as this site says: its model and the source, calibrated. "
            "Null beyond a day, and where nothing was predicted.",
            lambda hour: hour.chance,
        ),
        *(_value_of_hour(name) for name in FORECAST_NAMES),
    ),
)

RAIN = Resource(
    "RainPrediction",
    "The site's newest prediction of rain at a place.",
    (
        field("window_end_at", TIME, "The last hour whose readings it knows."),
        field(
            "probability_any_6h",
            PROBABILITY,
            "P(any rain in the 6 hours after that).",
            lambda row: row.probability_within(rain.NEAR_HOURS),
        ),
        field(
            "probability_any_24h",
            PROBABILITY,
            "P(any rain in the 24 hours after that).",
            lambda row: row.probability_within(rain.FAR_HOURS),
        ),
        field("model_name", TEXT, "Which model."),
        field("model_version", TEXT, "Its version."),
        field("answered_at", TIME, "When it was made, by the real clock."),
    ),
)

FORECAST = Resource(
    "Forecast",
    "The hours to come at a place. Where `is_forecast_fresh` or `is_rain_fresh` is false there is no data "
    "that counts: rules do not look at it.",
    (
        field("place_id", ID, "Of which place.", lambda row: row.place.pk),
        field(
            "source",
            maybe(TEXT),
            "Who forecasts; null: there is no forecast.",
            lambda row: row.run and row.run.source,
        ),
        field(
            "run_at",
            maybe(TIME),
            "As of when the source's forecast is.",
            lambda row: row.run and row.run.run_at,
        ),
        field(
            "received_at",
            maybe(TIME),
            "When it came in, by the real clock.",
            lambda row: row.run and row.run.received_at,
        ),
        field(
            "is_forecast_fresh",
            FLAG,
            "Whether the source's forecast is young enough to be believed.",
            lambda row: row.is_fresh(row.run and row.run.run_at, Basis.FORECAST),
        ),
        field("rain", maybe(of(RAIN)), "Null: nothing was predicted.", lambda row: row.prediction),
        field(
            "is_rain_fresh",
            FLAG,
            "Whether the prediction of rain is young enough to be believed.",
            lambda row: row.is_fresh(
                row.prediction and row.prediction.window_end_at, Basis.PROBABILITY
            ),
        ),
        field("hours", list_of(of(HOUR_OF_FORECAST)), "The next hour first."),
    ),
)


def _show_forecast(call: Call) -> Forecast:
    place = find_place(call)
    now = place.clock(call.now)
    run = place.source_forecasts.filter(hour_at__lte=now).order_by("-hour_at", "-pk").first()
    predictions = place.predictions.filter(window_end_at__lte=now)
    prediction = predictions.order_by("-window_end_at", "-pk").first()
    first_at = floor_hour(now) + HOUR
    times = [first_at + number * HOUR for number in range(call["hours"])]
    series = run.series if run else None
    hours = [
        ForecastHour(at, series.at(at) if series else {}, _chance(prediction, at)) for at in times
    ]
    return Forecast(place, now, run, prediction, hours)


def _chance(prediction: Prediction | None, at: datetime) -> float | None:
    if prediction is None:
        return None
    hourly = prediction.site.hourly_probability
    index = (at - prediction.window_end_at) // HOUR - 1
    return hourly[index] if 0 <= index < len(hourly) else None


def _list_readings(call: Call) -> Slice:
    """The newest first."""
    place = find_place(call)
    rows = place.readings.filter(observed_at__lte=place.clock(call.now))
    for name, lookup in (("since", "observed_at__gte"), ("until", "observed_at__lt")):
        if call[name] is not None:
            rows = rows.filter(**{lookup: parse_time(call[name])})
    after = read_cursor(call, datetime, int)
    if after is not None:
        at, pk = after
        rows = rows.filter(observed_at__lte=at).exclude(observed_at=at, pk__gte=pk)
    found = list(rows.order_by("-observed_at", "-pk")[: call["limit"] + 1])
    return cut(call, found, "observed_at", "pk")


OPERATIONS = (
    Operation(
        "show_forecast",
        "GET",
        "api_forecast",
        "Weather",
        "Show a place's forecast",
        FORECAST,
        _show_forecast,
        parameters=(
            Parameter(
                "hours",
                limited(INTEGER, minimum=1, maximum=MOST_HOURS),
                "How many hours.",
                usual=24,
            ),
        ),
        read_version=read_version,
        problems=(404,),
    ),
    Operation(
        "list_readings",
        "GET",
        "api_readings",
        "Weather",
        "List a place's readings",
        READING,
        _list_readings,
        "The newest first.",
        parameters=(
            Parameter("since", TIME, "From this time on.", example="2026-01-01T00:00:00Z"),
            Parameter("until", TIME, "Before this time.", example="2026-01-02T00:00:00Z"),
            *PAGED,
        ),
        is_list=True,
        read_version=read_version,
        problems=(404,),
    ),
)
