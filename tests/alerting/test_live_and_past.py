"""What a backtest says is what the site would have done: the same changes at the same hours."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.alerting.both_ways import HOUR, hours_from, live_changes, past_changes
from tests.factories import make_place, make_prediction, rain_soon
from weatherapp.alerting.catalogue import BY_KEY
from weatherapp.alerting.engine.rule import NoDataPolicy, Rule
from weatherapp.alerting.past import read_history
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Basis, Comparison, Condition, Level
from weatherapp.domain.spans import Span
from weatherapp.intake.archive import read_archive
from weatherapp.intake.scenes.table import VALUE_NAMES, load_table
from weatherapp.models import Reading, SourceForecast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FIRST_AT = datetime(2013, 5, 20, tzinfo=UTC)
DAYS = 21  # Andrea is among the last
LAST_AT = FIRST_AT + DAYS * 24 * HOUR


def gusty(hours=12, **knobs):
    """Of the wind, which the station has: gusts it has not."""
    levels = (Level(Severity.MINOR, 8.0, 7.0), Level(Severity.MODERATE, 11.0, 9.5))
    condition = Condition(
        "wind_speed_ms",
        Basis.FORECAST,
        hours,
        Aggregation.MAXIMUM,
        Comparison.AT_LEAST,
        levels,
    )
    return Rule((condition,), **knobs)


def falling(threshold, recovery):
    """As the catalogue says it, for the calmer weather of a summer."""
    (fall,) = BY_KEY["pressure-fall"].says.conditions
    return Rule((replace(fall, levels=(Level(Severity.MINOR, threshold, recovery),)),))


def windy_and_falling():
    """Measured and forecast together."""
    return Rule((*falling(-1.0, 0.0).conditions, *gusty(6).conditions))


RULES = {
    "sum of a day": BY_KEY["persistent-rain"].says,
    "fall of pressure": falling(-2.0, -1.0),
    "measured wind, patient": replace(
        BY_KEY["strong-wind"].says,
        pending_evaluations=2,
        keep_firing_minutes=180,
        rearm_minutes=360,
    ),
    "forecast wind": gusty(),
    "forecast wind from six hours on, by day, in June": gusty(
        6, lead_from_hours=6, from_hour=6, to_hour=22, months=frozenset({6})
    ),
    "forecast wind, ended by missing data": gusty(24, no_data_policy=NoDataPolicy.END),
    "chance of rain": rain_soon(6, threshold=0.5, recovery=0.3),
    "wind and pressure": windy_and_falling(),
}


@pytest.fixture
def station(db):
    """A place with three weeks of readings, runs and predictions, all of them with gaps."""
    place = make_place(name="JFK", time_zone="America/New_York")
    luck = random.Random(2013)
    store_readings(place, luck)
    store_runs(place, luck)
    store_predictions(place, luck)
    return place


def store_readings(place, luck):
    table = load_table()["JFK"]
    Reading.objects.bulk_create(
        Reading(place=place, observed_at=at, source="open_meteo", received_at=at, **values)
        for at in hours_from(FIRST_AT - 48 * HOUR, (DAYS + 2) * 24 + 1)
        if (values := table.read(at)) and is_up(at) and luck.random() > 0.02
    )


def is_up(at):
    """For eight hours every ten days nothing comes in."""
    return (at - FIRST_AT) % timedelta(days=10) >= 8 * HOUR


def store_runs(place, luck):
    """What came, told a little wrong; some runs are fetched hours after they were made."""
    table = load_table()["JFK"]
    truth = {
        at: (table.read(at) or {}).get("wind_speed_ms")
        for at in hours_from(FIRST_AT, (DAYS + 3) * 24)
    }
    SourceForecast.objects.bulk_create(
        SourceForecast(
            place=place,
            source="open_meteo",
            hour_at=at,
            issued_at=at - luck.choice([0, 1, 3]) * HOUR if luck.random() > 0.3 else None,
            received_at=at,
            first_at=at + HOUR,
            columns={
                "wind_speed_ms": [
                    None if wind is None else round(wind * luck.uniform(0.7, 1.4), 1)
                    for wind in (truth.get(hour) for hour in hours_from(at + HOUR, 48))
                ],
                "temperature_c": [20.0] * 48,
            },
        )
        for at in hours_from(FIRST_AT, DAYS * 24)
        if is_up(at) and luck.random() > 0.1
    )


def store_predictions(place, luck):
    table = load_table()["JFK"]
    for at in hours_from(FIRST_AT, DAYS * 24):
        if at.hour % 2 or not is_up(at):
            continue
        wet = [
            ((table.read(hour) or {}).get("precipitation_mm") or 0) > 0
            for hour in hours_from(at + HOUR, 24)
        ]
        hourly = [luck.uniform(0.2, 0.6) if one else luck.uniform(0.01, 0.1) for one in wet]
        make_prediction(
            place,
            window_end_at=at,
            hourly_probability=hourly,
            probability_any_6h=max(hourly[:6]),
            probability_any_24h=max(hourly),
        )


def test_a_backtest_equals_the_live_site_hour_by_hour(station):
    span = Span(FIRST_AT, LAST_AT)

    live = live_changes(station, RULES, span)
    past = {name: past_changes(station, says, span) for name, says in RULES.items()}

    assert past == live
    assert [name for name, changes in live.items() if not changes] == [], "they prove nothing"
    reasons = {reason for changes in live.values() for _, reason, *_ in changes}
    assert {"RAISED", "ESCALATED", "REDUCED", "EXTENDED", "EASING", "BACK"} <= reasons
    assert {"DATA_LOST", "DATA_BACK", "NO_DATA", "CLEARED", "NOT_CONFIRMED"} <= reasons


def test_the_table_of_the_replay_and_stored_readings_tell_the_same():
    place = make_place(name="JFK", source="replay", station="JFK")
    span = Span(FIRST_AT, FIRST_AT + 240 * HOUR)
    table = load_table()["JFK"]
    Reading.objects.bulk_create(
        Reading(place=place, observed_at=at, source="replay", received_at=at, **values)
        for at in hours_from(FIRST_AT - 48 * HOUR, 300)
        if (values := table.read(at))
    )
    rule = BY_KEY["persistent-rain"].says

    kept = read_history(place, [rule], span, read_archive)
    stored = read_history(place, [rule], span, lambda _: None)

    for at in hours_from(FIRST_AT - 20 * HOUR, 260):
        assert {name: kept.record.at(at).get(name) for name in VALUE_NAMES} == {
            name: stored.record.at(at).get(name) for name in VALUE_NAMES
        }
