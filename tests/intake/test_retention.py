"""What is too old to be looked at is deleted, by each place's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from predictor import contract
from tests.factories import (
    NOON,
    make_alert,
    make_place,
    make_prediction,
    make_readings,
    make_request,
    make_rule,
    make_scene,
)
from weatherapp import tasks
from weatherapp.forecasting.asking.climate import RECORD_HOURS
from weatherapp.forecasting.scoring import outcomes
from weatherapp.intake import retention
from weatherapp.intake.retention import KEPT, forget_old_weather
from weatherapp.intake.source import BACKFILL_DAYS
from weatherapp.models import RequestState

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
STORM = datetime(2013, 6, 7, 20, tzinfo=UTC)


def list_ages(place, *, now):
    return [(now - at) // HOUR for at in place.readings.values_list("observed_at", flat=True)]


def test_a_hundred_days_are_kept():
    place = make_place()
    for age in (0, 2400, 2401, 9000):
        make_readings(place, until=NOON - age * HOUR, hours=1)

    assert forget_old_weather(now=NOON) == 2

    assert list_ages(place, now=NOON) == [0, 2400]


def test_forecasts_and_predictions_go_after_as_long():
    place = make_place()
    for age in (0, 2400, 2401):
        at = NOON - age * HOUR
        place.source_forecasts.create(
            hour_at=at, received_at=at, source="openmeteo", first_at=at, columns={}
        )
        make_prediction(place, window_end_at=at)
        make_request(place, window_end_at=at, state=RequestState.EXPIRED)

    forget_old_weather(now=NOON)

    limit_at = NOON - KEPT
    assert min(place.source_forecasts.values_list("hour_at", flat=True)) == limit_at
    assert min(place.predictions.values_list("window_end_at", flat=True)) == limit_at
    assert min(place.prediction_requests.values_list("window_end_at", flat=True)) == limit_at
    assert place.prediction_requests.count() == 4


def test_a_prediction_that_an_alert_was_decided_by_stays_with_it():
    place = make_place()
    cited, other = (make_prediction(place, window_end_at=NOON - age * DAY) for age in (300, 301))
    alert = make_alert(make_rule(place), prediction=cited)

    forget_old_weather(now=NOON)

    assert list(place.predictions.all()) == [cited]
    assert alert.changes.get().prediction == cited
    assert not place.prediction_requests.filter(pk=other.request_id).exists()


def test_a_long_neglected_table_goes_batch_by_batch(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 7)
    place, other = make_place(), make_place(name="Riga")
    make_readings(place, until=NOON - 200 * DAY, hours=24)
    make_readings(other, until=NOON - 200 * DAY, hours=3)
    make_readings(other, hours=3)

    assert forget_old_weather(now=NOON) == 27

    assert (place.readings.count(), other.readings.count()) == (0, 3)


def test_a_replay_keeps_its_days_though_they_are_years_ago():
    make_scene(anchor_scene_at=STORM, anchor_real_at=NOON)
    place = make_place(source="replay", station="JFK")
    for age in (0, 2184, 2400, 2401):
        make_readings(place, until=STORM - age * HOUR, hours=1)

    forget_old_weather(now=NOON)

    assert list_ages(place, now=STORM) == [0, 2184, 2400]


def test_before_a_scene_is_played_nothing_that_it_needs_is_old():
    make_scene(starts_at=STORM, anchor_scene_at=None, anchor_real_at=None)
    place = make_place(source="replay", station="JFK")
    make_readings(place, until=STORM - 2184 * HOUR, hours=1)

    assert forget_old_weather(now=NOON) == 0


def test_nobody_looks_further_back():
    longest_lead = timedelta(hours=contract.LEAD_HOURS)

    assert RECORD_HOURS * HOUR < KEPT
    assert BACKFILL_DAYS * DAY < KEPT
    assert outcomes.CATCH_UP + longest_lead + outcomes.SETTLING < KEPT


def test_the_tick_deletes(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    place = make_place()
    make_readings(place, until=NOON - 101 * DAY, hours=2)

    tasks.forget_old_weather()

    assert not place.readings.exists()
