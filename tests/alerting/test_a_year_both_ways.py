"""A year of a station: the backtest says what the live site does, for every rule of the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.alerting.both_ways import HOUR, hours_from, live_changes, past_changes
from tests.factories import make_place, make_prediction
from weatherapp.alerting.catalogue import CATALOGUE
from weatherapp.domain.spans import Span
from weatherapp.intake.scenes.table import load_table
from weatherapp.models import Reading, SourceForecast

pytestmark = [pytest.mark.django_db, pytest.mark.year]

FIRST_AT = datetime(2013, 1, 2, tzinfo=UTC)
HOURS = 8_700
YEAR = Span(FIRST_AT, FIRST_AT + HOURS * HOUR)
AHEAD = 30  # hours of a run: six more than any rule looks at
FORECAST = {  # and how much of it is seen in what comes
    "temperature_c": 1.1,
    "wind_speed_ms": 1.9,
    "wind_gust_ms": 1.0,
    "precipitation_mm": 2.5,
    "snowfall_cm": 1.0,
    "weather_code": 1,
}
LATE = 1.25  # the model is less sure of what is further away


@pytest.fixture
def station(db):
    """What the station measured, and runs and predictions that knew it beforehand.

    A run tells what comes at six hours of seven; every day some hours have no news.
    """
    place = make_place(name="JFK", time_zone="America/New_York")
    weather = {at: complete(load_table()["JFK"].read(at)) for at in hours_from(FIRST_AT, 8_800)}
    news = [at for at in hours_from(FIRST_AT, HOURS) if is_up(at)]
    Reading.objects.bulk_create(make_reading(place, at, weather[at]) for at in news if weather[at])
    SourceForecast.objects.bulk_create(make_run(place, at, weather) for at in news)
    for at in news[::2]:
        predict(place, at, weather)
    return place


def is_up(at):
    """Every ninth day nothing comes for ten hours, and now and then an hour is left out."""
    step = (at - FIRST_AT) // HOUR
    return step % (9 * 24) >= 10 and step % 17 != 5


def complete(measured):
    """What the station does not measure, after what it does: gusts, snow, thunder."""
    if not measured:
        return {}
    rain_mm, wind_ms = measured.get("precipitation_mm") or 0.0, measured.get("wind_speed_ms") or 0.0
    is_cold = (measured.get("temperature_c") or 0.0) < 1.0
    thunder = 99 if rain_mm > 12 else 96 if rain_mm > 8 else 95 if rain_mm > 4 else 3
    return measured | {
        "wind_gust_ms": round(wind_ms * 1.9, 1),
        "snowfall_cm": round(rain_mm * 2.5, 1) if is_cold else 0.0,
        "weather_code": 71 if is_cold else thunder,
    }


def make_reading(place, at, values):
    return Reading(place=place, observed_at=at, source="open_meteo", received_at=at, **values)


def make_run(place, at, weather):
    step = (at - FIRST_AT) // HOUR
    coming = [exaggerate(weather.get(hour, {})) for hour in hours_from(at + HOUR, AHEAD)]
    return SourceForecast(
        place=place,
        source="open_meteo",
        hour_at=at,
        issued_at=at - (step % 4) * HOUR if step % 3 else None,
        received_at=at,
        first_at=at + HOUR,
        columns={name: [hour.get(name) for hour in coming] for name in FORECAST},
    )


def exaggerate(hour):
    """A source that sees more of everything than comes, so that each rule has its storm."""
    return {
        name: round(value * (2.0 if name == "temperature_c" and value < 0 else louder), 1)
        for name, louder in FORECAST.items()
        if (value := hour.get(name)) is not None
    }


def predict(place, at, weather):
    coming = [weather.get(hour, {}) for hour in hours_from(at + HOUR, 24)]
    wet = [(hour.get("precipitation_mm") or 0.0) > 0 for hour in coming]
    hourly = [max(0.8 / LATE**lead, 0.05) if one else 0.02 for lead, one in enumerate(wet)]
    make_prediction(
        place,
        window_end_at=at,
        hourly_probability=hourly,
        probability_any_6h=max(hourly[:6]),
        probability_any_24h=max(hourly),
    )


def test_a_backtest_of_a_year_equals_the_live_site_hour_by_hour(station):
    rules = {entry.key: entry.says for entry in CATALOGUE}

    live = live_changes(station, rules, YEAR)

    assert {name: past_changes(station, says, YEAR) for name, says in rules.items()} == live
    assert [name for name, changes in live.items() if not changes] == [], "they prove nothing"
