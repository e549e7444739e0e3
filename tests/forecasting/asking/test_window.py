"""Stored readings -> the window that is sent."""

from datetime import timedelta

import pytest

from predictor import contract
from tests.factories import NOON, make_place, make_readings
from tests.forecasting.windows import build_window
from weatherapp.models import Reading

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def read_climate(place):
    return build_window(place, end_at=NOON, now=NOON).to_wire()["climate"]


def make_long_record(place, *, hours, until=NOON, **values):
    calm = make_readings(place, until=until, hours=1, **values)[0]
    names = ("place_id", "source", "received_at", *contract.FEATURE_NAMES)
    same = {name: getattr(calm, name) for name in names}
    Reading.objects.bulk_create(
        Reading(observed_at=until - age * HOUR, **same) for age in range(1, hours)
    )


def test_what_is_usual_goes_with_the_day():
    place = make_place()
    make_long_record(place, hours=90 * 24 + 23)
    place.readings.filter(observed_at__gt=NOON - 216 * HOUR).update(precipitation_mm=0.2)

    climate = read_climate(place)

    assert climate["usual_temperature_c"] == 12.0
    assert climate["wet_1h_share"] == 0.1
    assert climate["known_days"] == 90.0


def test_older_readings_do_not_count():
    place = make_place()
    make_long_record(place, hours=100 * 24, temperature_c=30.0)
    place.readings.filter(observed_at__gt=NOON - 90 * 24 * HOUR).update(temperature_c=10.0)

    assert read_climate(place)["usual_temperature_c"] == 10.0


def test_neither_do_those_of_the_future_nor_those_of_other_places():
    place = make_place()
    make_long_record(place, hours=200)
    make_long_record(place, hours=5, until=NOON + 5 * HOUR, temperature_c=40.0)
    make_long_record(make_place(name="Riga"), hours=200, temperature_c=-40.0)

    climate = read_climate(place)

    assert climate["usual_temperature_c"] == 12.0
    assert climate["known_days"] == 200 / 24


def test_the_climate_ends_where_the_window_does():
    place = make_place()
    make_long_record(place, hours=2400, until=NOON - 2 * HOUR)

    window = build_window(place, end_at=NOON - 2 * HOUR, now=NOON - 2 * HOUR)

    assert window.window_end_at == NOON - 2 * HOUR
    assert window.climate[-1] == 90.0


def test_a_new_place_says_only_how_long_its_record_is():
    place = make_place()
    make_readings(place)

    assert read_climate(place) == dict.fromkeys(contract.CLIMATE_NAMES) | {"known_days": 1.0}


def test_two_questions_to_the_database_a_place_and_hour(django_assert_num_queries):
    place = make_place()
    make_long_record(place, hours=2400)
    build_window(place, end_at=NOON, now=NOON)
    later = NOON + HOUR
    make_readings(place, until=later, hours=1)

    with django_assert_num_queries(2):  # totals, rows
        window = build_window(place, end_at=later, now=later)

    assert window.window_end_at == later
    assert window.climate[-1] == 90.0
