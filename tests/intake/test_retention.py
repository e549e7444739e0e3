"""What is too old to be looked at is deleted, by each place's own clock."""

from __future__ import annotations

from datetime import timedelta

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
from tests.forecasting.source_runs import make_run
from weatherapp import tasks
from weatherapp.forecasting.asking.climate import RECORD_HOURS
from weatherapp.forecasting.scoring import outcomes
from weatherapp.intake import retention
from weatherapp.intake.retention import KEPT, forget_old_weather
from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.intake.source import BACKFILL_DAYS
from weatherapp.models import Place, PlaceCalibration, RequestState, Ticket

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
STORM = SCENES["andrea-2013"].plays_until_at


def list_ages(place, *, now):
    return [(now - at) // HOUR for at in place.readings.values_list("observed_at", flat=True)]


def test_a_hundred_days_are_kept():
    place = make_place()
    for age in (0, 2400, 2401, 9000):
        make_readings(place, until=NOON - age * HOUR, hours=1)

    assert forget_old_weather(now=NOON) == 2

    assert list_ages(place, now=NOON) == [0, 2400]


def list_hours(rows, by):
    return [(NOON - at) // HOUR for at in rows.order_by(f"-{by}").values_list(by, flat=True)]


def test_forecasts_and_predictions_go_after_as_long():
    place = make_place()
    for age in (0, 2400, 2406):
        at = NOON - age * HOUR
        make_run(place, issued_at=at)
        make_prediction(place, window_end_at=at)

    forget_old_weather(now=NOON)

    assert list_hours(place.source_forecasts, "hour_at") == [0, 2400]
    assert list_hours(place.predictions, "window_end_at") == [0, 2400]


def test_after_a_week_each_sixth_run_and_each_third_answer_is_kept():
    place = make_place()
    for age in range(166, 187):
        make_run(place, issued_at=NOON - age * HOUR)
        make_prediction(place, window_end_at=NOON - age * HOUR)

    forget_old_weather(now=NOON)

    assert list_hours(place.source_forecasts, "hour_at") == [166, 167, 168, 174, 180, 186]
    answers = [166, 167, 168, 171, 174, 177, 180, 183, 186]
    assert list_hours(place.predictions, "window_end_at") == answers


def test_of_a_place_that_is_fetched_rarely_the_only_ones_are_kept():
    place, other = make_place(), make_place(name="Cork")
    ages = [181, 187, 193]  # one in each six hours, never at the first of them
    for age in ages:
        make_run(place, issued_at=NOON - age * HOUR)
        make_prediction(place, window_end_at=NOON - age * HOUR)
        make_run(other, issued_at=NOON - (age + 1) * HOUR)  # is not this place's

    forget_old_weather(now=NOON)

    assert list_hours(place.source_forecasts, "hour_at") == ages
    assert list_hours(place.predictions, "window_end_at") == ages


def test_a_request_goes_after_its_tickets_and_leaves_its_answer():
    place = make_place()
    held, free = (make_prediction(place, window_end_at=NOON - age * HOUR) for age in (195, 198))
    Ticket.objects.create(request=held.request, created_at=NOON)

    forget_old_weather(now=NOON)

    assert list(place.prediction_requests.all()) == [held.request]
    free.refresh_from_db()
    assert (free.request, free.is_window_kept) == (None, False)


@pytest.mark.parametrize(
    ("age", "state", "is_kept"),
    [
        pytest.param(47, RequestState.ANSWERED, True, id="young"),
        pytest.param(49, RequestState.ANSWERED, False, id="two days old"),
        pytest.param(49, RequestState.EXPIRED, False, id="never answered"),
        pytest.param(190, RequestState.WAITING, True, id="still to be sent"),
    ],
)
def test_a_window_goes_after_two_days(age, state, is_kept):
    at = NOON - age * HOUR
    request = make_request(make_place(), window_end_at=at, state=state, window={"latitude": 1.0})

    forget_old_weather(now=NOON)

    request.refresh_from_db()
    assert (request.window is not None) is is_kept


def test_what_a_model_taught_goes_a_year_after_its_last_answer():
    place = make_place()
    for age_days, version in ((364, "of late"), (366, "long gone")):
        at = NOON - age_days * DAY
        PlaceCalibration.objects.create(
            place=place, model_version=version, learned_until_at=at, updated_at=at
        )

    assert forget_old_weather(now=NOON) == 1

    assert place.calibrations.get().model_version == "of late"


def test_what_does_not_fit_the_time_is_done_next_time_and_then_a_day_is_quiet(
    monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(retention, "PLACES", 2)
    for name in ("Dublin", "Cork", "Galway", "Sligo", "Ennis"):
        make_readings(make_place(name=name), until=NOON - 101 * DAY, hours=1)

    counts = [forget_old_weather(now=NOON, is_time_up=lambda: True) for _ in range(3)]

    assert counts == [2, 2, 1]
    with django_assert_num_queries(1):
        assert forget_old_weather(now=NOON + 22 * HOUR) == 0
    make_readings(Place.objects.get(name="Cork"), until=NOON - 101 * DAY, hours=1)
    assert forget_old_weather(now=NOON + 23 * HOUR) == 1


def test_a_prediction_that_an_alert_was_decided_by_stays_with_it():
    place = make_place()
    cited, other = (make_prediction(place, window_end_at=NOON - age * DAY) for age in (300, 301))
    alert = make_alert(make_rule(place), prediction=cited)

    forget_old_weather(now=NOON)

    assert list(place.predictions.all()) == [cited]
    assert alert.changes.get().prediction == cited
    assert not place.predictions.filter(pk=other.pk).exists()


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
