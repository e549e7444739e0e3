"""A place's page goes by the same facts as the rules do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories import NOON, make_forecast, make_place, make_prediction, make_readings
from weatherapp.alerting.known import read_facts
from weatherapp.pages.place_rows import make_facts, read_place_rows

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

    rows = read_place_rows(place, now=now, place_now=now, past_hours=PAST_HOURS, most_alerts=1)
    shown = make_facts(place, rows, now, PAST_HOURS)

    known = read_facts([place], {place.pk: now}, past_hours=PAST_HOURS)[place.pk]
    assert known.prediction is not None
    assert shown == replace(known, prediction=replace(known.prediction, parts=None))
