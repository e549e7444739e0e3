"""A place's page goes by the same facts as the rules do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import Http404

from tests.factories import (
    NOON,
    make_forecast,
    make_place,
    make_prediction,
    make_readings,
    make_scene,
)
from weatherapp.alerting.known import read_facts
from weatherapp.pages.place_rows import find_place, make_facts, read_place_rows

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PAST_HOURS = 24
HOURS = {"wind_gust_ms": 21.0, "temperature_c": 9.0, "precipitation_mm": 1.5, "weather_code": 61.0}


@pytest.mark.parametrize("refresh_hours", [1, 6])
@pytest.mark.parametrize("late_hours", [0, 2, 30])
def test_what_the_page_goes_by_is_what_the_rules_go_by(refresh_hours, late_hours):
    place = make_place(refresh_hours=refresh_hours)
    make_readings(place, hours=40, wind_gust_ms=13.0)
    make_forecast(place, **{name: [value] * 48 for name, value in HOURS.items()})
    make_prediction(place)
    now = NOON + late_hours * HOUR

    found, run = find_place(place.pk, now=now)
    rows = read_place_rows(found, run, now=now, place_now=now, past_hours=PAST_HOURS, most_alerts=1)
    shown = make_facts(place, rows, now, PAST_HOURS)

    known = read_facts([place], {place.pk: now}, past_hours=PAST_HOURS)[place.pk]
    assert known.prediction is not None
    assert shown == replace(known, prediction=replace(known.prediction, parts=None))


def test_a_place_comes_with_the_newest_run_that_is_not_of_hours_to_come():
    place = make_place()
    make_forecast(place, hour_at=NOON - HOUR, wind_gust_ms=[1.0])
    newest = make_forecast(place, hour_at=NOON, wind_gust_ms=[2.0])
    make_forecast(place, hour_at=NOON + HOUR, wind_gust_ms=[3.0])

    assert find_place(place.pk, now=NOON) == (place, newest)


def test_a_place_without_a_run_is_found_and_no_place_is_not():
    place = make_place()

    assert find_place(place.pk, now=NOON) == (place, None)
    with pytest.raises(Http404):
        find_place(place.pk + 1, now=NOON)


def test_a_place_that_became_a_replay_shows_no_run_of_hours_to_come():
    make_scene(anchor_scene_at=NOON - 40 * HOUR, anchor_real_at=NOON)
    place = make_place(source="replay", station="JFK")
    make_forecast(place, hour_at=NOON, wind_gust_ms=[2.0])
    found, run = find_place(place.pk, now=NOON)

    rows = read_place_rows(
        found,
        run,
        now=NOON,
        place_now=NOON - 40 * HOUR,
        past_hours=PAST_HOURS,
        most_alerts=1,
    )

    assert rows.forecast is None
