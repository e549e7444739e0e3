"""What is kept of a place's climate gives what counting all of its hours gives."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOON, make_place, make_readings
from tests.forecasting.windows import build_window
from weatherapp import tasks
from weatherapp.domain.spans import HOUR, Span
from weatherapp.forecasting.asking import place_climate
from weatherapp.forecasting.asking.climate import RECORD_HOURS, measure_climate
from weatherapp.forecasting.asking.record import read_records
from weatherapp.intake import retention
from weatherapp.intake.source import PAST_HOURS, Hour, PlaceWeather
from weatherapp.intake.storing import store_outcomes
from weatherapp.models import PlaceClimate, Reading

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NAMES = ("temperature_c", "dew_point_c", "pressure_msl_hpa", "wind_speed_ms", "precipitation_mm")


def count_all(place, *, now):
    """The full computation, by contract.CLIMATE_NAMES."""
    end_at = place_climate.find_newest_hour(place, now=now)
    (record,) = read_records([(place, Span(end_at - (RECORD_HOURS - 1) * HOUR, end_at))])
    return measure_climate(record)


def read_climate(place, *, now):
    return build_window(place, end_at=now, now=now).to_wire()["climate"]


def draw_hour(dice, at):
    values = {name: round(dice.uniform(0.0, 30.0), dice.choice([1, 4])) for name in NAMES}
    values |= {"pressure_msl_hpa": dice.uniform(970.0, 1040.0)}
    values["precipitation_mm"] = dice.choice([0.0] * 8 + [0.1, 2.5])
    return Hour(at, {name: value for name, value in values.items() if dice.random() < 0.95})


def store(place, hours, *, now):
    said = PlaceWeather(now, tuple(hours))
    assert store_outcomes([place], {place.pk: said}, now=now) == [place.pk]


def store_record(place, dice, *, now, hours=RECORD_HOURS + 300):
    """With gaps; some of its hours are older than the climate."""
    drawn = [draw_hour(dice, now - age * HOUR) for age in reversed(range(hours))]
    store(place, [hour for hour in drawn if dice.random() < 0.97 or hour.at == now], now=now)


def fetch_hour(place, dice, now):
    """The source's past day: a new hour, and some of the others mended; a few never came."""
    stored = {row.observed_at: row for row in place.readings.filter(observed_at__gt=now - DAY)}
    hours = []
    for at in (now - age * HOUR for age in reversed(range(PAST_HOURS))):
        keeps = at in stored and dice.random() < 0.9
        known = {name: getattr(stored[at], name) for name in NAMES} if keeps else {}
        same = Hour(at, {name: value for name, value in known.items() if value is not None})
        hours.append(same if keeps else draw_hour(dice, at))
    store(
        place, [hour for hour in hours if dice.random() < 0.98 or hour.at > now - 3 * HOUR], now=now
    )


def mend_old_hours(place, dice, now):
    """As a backfill, or a source that corrects itself late."""
    ages = sorted((dice.randint(0, RECORD_HOURS + 50) for _ in range(9)), reverse=True)
    store(place, [draw_hour(dice, now - age * HOUR) for age in dict.fromkeys(ages)], now=now)


@pytest.mark.parametrize("seed", range(6))
def test_it_is_exactly_what_counting_all_hours_gives(seed):
    dice, place, now = random.Random(seed), make_place(), NOON
    store_record(place, dice, now=now)
    kept = 0
    for _ in range(40):
        now += dice.choice([1] * 12 + [0, 2, 7, 30, 80, -3]) * HOUR
        fetch_hour(place, dice, now)
        if dice.random() < 0.1:
            mend_old_hours(place, dice, now)
        before = PlaceClimate.objects.filter(place=place).values_list("until_at", flat=True).first()
        assert read_climate(place, now=now) == count_all(place, now=now)
        kept += before is not None and PlaceClimate.objects.get().until_at == before

    assert kept > 20, "mostly nothing was counted anew"


def test_the_next_hours_read_a_fraction_of_the_rows():
    dice, place = random.Random(1), make_place()
    store_record(place, dice, now=NOON)
    read_climate(place, now=NOON)
    with CaptureQueriesContext(connection) as first:
        read_climate(place, now=NOON)

    assert PlaceClimate.objects.get().until_at == NOON - PAST_HOURS * HOUR
    assert place_climate.SETTLING == PAST_HOURS * HOUR, "what a fetch mends is not counted yet"
    assert not [query for query in first if "INSERT" in query["sql"] or "UPDATE" in query["sql"]]


def test_an_old_hour_that_changes_is_counted_anew():
    dice, place = random.Random(2), make_place()
    store_record(place, dice, now=NOON)
    read_climate(place, now=NOON)

    store(place, [draw_hour(dice, NOON - 1000 * HOUR)], now=NOON)

    assert not PlaceClimate.objects.exists()
    assert read_climate(place, now=NOON) == count_all(place, now=NOON)


def test_another_places_hours_leave_it_alone():
    dice, place, other = random.Random(3), make_place(), make_place(name="Riga")
    store_record(place, dice, now=NOON)
    read_climate(place, now=NOON)

    store_record(other, dice, now=NOON)

    assert PlaceClimate.objects.get().place == place


def test_a_move_forgets_it():
    place = make_place()
    make_readings(place, hours=300)
    read_climate(place, now=NOON)

    place.forget_weather(now=NOON)
    make_readings(place, hours=120, temperature_c=-5.0)

    assert read_climate(place, now=NOON)["usual_temperature_c"] == -5.0


def test_of_a_place_that_was_moved_meanwhile_nothing_is_kept():
    place = make_place()
    make_readings(place, hours=300)
    type(place).objects.filter(pk=place.pk).update(latitude=10.0)

    assert read_climate(place, now=NOON)["usual_temperature_c"] == 12.0

    assert not PlaceClimate.objects.exists()


@pytest.mark.parametrize("totals", [[], [1.5] * 14, {"a": 1}, [1] * 15])
def test_what_another_release_kept_is_counted_anew(totals):
    place = make_place()
    make_readings(place, hours=300)
    read_climate(place, now=NOON)
    PlaceClimate.objects.update(totals=totals)

    assert read_climate(place, now=NOON) == count_all(place, now=NOON)
    assert len(PlaceClimate.objects.get().totals) == place_climate.TOTALS


def test_what_lasts_reaches_no_further_back_than_readings_are_kept():
    assert place_climate.LASTS + RECORD_HOURS * HOUR < retention.KEPT


def test_the_repair_mends_what_was_changed_behind_its_back():
    place = make_place()
    make_readings(place, hours=300)
    read_climate(place, now=NOON)
    Reading.objects.filter(observed_at__lt=NOON - 2 * DAY).update(temperature_c=20.0)
    assert read_climate(place, now=NOON) != count_all(place, now=NOON)

    assert place_climate.repair(now=NOON + DAY) == 1

    assert read_climate(place, now=NOON) == count_all(place, now=NOON)


def test_the_repair_goes_on_where_it_stopped_and_does_each_once_a_day(monkeypatch):
    monkeypatch.setattr(place_climate, "REPAIRED_TOGETHER", 2)
    places = [make_place(name=f"Place {number}") for number in range(5)]
    for place in places:
        make_readings(place)
        read_climate(place, now=NOON)

    done = [place_climate.repair(now=NOON + DAY, is_time_up=lambda: True) for _ in range(4)]

    assert done == [2, 2, 1, 0]
    assert {row.counted_at for row in PlaceClimate.objects.all()} == {NOON + DAY}


def test_a_place_whose_readings_are_gone_is_not_repaired_for_ever():
    place = make_place()
    make_readings(place)
    read_climate(place, now=NOON)
    place.readings.all().delete()

    place_climate.repair(now=NOON + DAY)

    assert not PlaceClimate.objects.exists()


def test_nothing_to_repair_costs_one_question(django_assert_num_queries):
    make_place()
    place_climate.repair(now=NOON)

    with django_assert_num_queries(1):
        assert place_climate.repair(now=NOON + DAY / 2) == 0


def test_a_place_that_was_counted_just_now_waits_for_the_next_day():
    place = make_place()
    make_readings(place)
    read_climate(place, now=NOON)

    assert place_climate.repair(now=NOON + DAY / 4) == 0
    assert place_climate.repair(now=NOON + 2 * DAY) == 1


def test_the_tick_repairs(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + DAY)
    place = make_place()
    make_readings(place)
    read_climate(place, now=NOON)

    tasks.repair_climates()

    assert PlaceClimate.objects.get().counted_at == NOON + DAY
