"""Days and nights of a forecast, by a place's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.forecasts import HOUR, make_series
from tests.factories import NOON
from weatherapp.domain.days import split_days
from weatherapp.domain.sky import pick_code

WEEK = 168
NEW_YORK = ZoneInfo("America/New_York")


def split(series, *, now=NOON, zone=UTC):
    return split_days(series, now=now, zone=zone)


def test_a_week_has_seven_dates_each_with_day_and_night():
    days = split(make_series(WEEK))

    assert [day.date for day in days] == [date(2026, 1, 1) + timedelta(days=n) for n in range(7)]
    assert all(day.day and day.night for day in days)
    assert not any(day.is_partial for day in days[:-1])


def test_hours_count_to_the_half_that_they_end_in():
    temperatures = [float(lead) for lead in range(1, 49)]  # 13:00 on: 1 is 13:00, 6 is 18:00
    amounts = [1.0] * 48

    first, second, *_ = split(make_series(48, temperature_c=temperatures, precipitation_mm=amounts))

    assert (first.day.low_c, first.day.high_c) == (1.0, 6.0)
    assert (first.night.low_c, first.night.high_c) == (7.0, 18.0)
    assert (first.day.precipitation_mm, first.night.precipitation_mm) == (6.0, 12.0)
    assert (second.day.low_c, second.day.high_c, second.day.precipitation_mm) == (19.0, 30.0, 12.0)
    assert (first.low_c, first.high_c, first.precipitation_mm) == (1.0, 18.0, 18.0)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(date(2026, 3, 7), 11, id="the night of spring forward"),
        pytest.param(date(2026, 10, 31), 13, id="the night of fall back"),
        pytest.param(date(2026, 3, 8), 12, id="the night after it"),
    ],
)
def test_the_night_of_a_clock_change_is_shorter_or_longer(day, hours):
    first_at = datetime(day.year, day.month, day.day, 12, tzinfo=NEW_YORK).astimezone(UTC)

    found = split(
        make_series(72, first_at=first_at, precipitation_mm=[1.0] * 72),
        now=first_at - HOUR,
        zone=NEW_YORK,
    )

    night = found[0].night
    assert night.ends_at - night.starts_at == hours * HOUR
    assert night.precipitation_mm == hours
    assert [one.date for one in found[:2]] == [day, day + timedelta(days=1)]


def test_half_hour_zones_keep_whole_halves():
    days = split(make_series(72, precipitation_mm=[1.0] * 72), zone=ZoneInfo("Asia/Kolkata"))

    assert days[0].day is None, "it is half past five: too little is left of the day"
    assert days[0].night.precipitation_mm == 12
    assert days[1].day.precipitation_mm == 12
    assert days[1].day.missing_hours == 0


def test_before_six_it_is_still_the_night_of_yesterday():
    days = split(make_series(48, first_at=NOON - 9 * HOUR), now=NOON - 10 * HOUR)

    assert (days[0].date, days[0].day) == (date(2025, 12, 31), None)
    assert days[0].night is not None
    assert days[1].date == date(2026, 1, 1)


def test_hours_that_are_over_do_not_count():
    temperatures = [30.0] * 4 + [10.0] * 44

    days = split(make_series(48, temperature_c=temperatures), now=NOON + 4 * HOUR)

    assert days[0].day is None
    assert days[0].high_c == 10.0


def test_what_is_missing_is_said_and_never_zero():
    amounts = [1.0, None, 1.0] + [1.0] * 3 + [None] * 42

    first, second, *_ = split(make_series(48, precipitation_mm=amounts))

    assert (first.day.precipitation_mm, first.day.missing_hours) == (5.0, 1)
    assert first.is_partial
    assert (first.night.precipitation_mm, first.night.low_c) == (None, 10.0)
    assert first.night.missing_hours == 12
    assert second.precipitation_mm is None
    assert first.gust_ms is None, "a quantity that the source says nothing of"


def test_a_half_that_the_forecast_does_not_reach_is_not_there():
    days = split(make_series(7))  # until 19:00

    assert len(days) == 1
    assert days[0].day is not None
    assert days[0].night is None


def test_the_end_of_a_forecast_is_partial():
    days = split(make_series(12))  # until midnight

    assert days[0].night.missing_hours == 6


def test_nothing_known_is_no_day():
    assert split(make_series(48, temperature_c=None, precipitation_mm=None)) == ()
    assert split(make_series(48), now=NOON + 60 * HOUR) == ()


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        pytest.param([], None, id="nothing known"),
        pytest.param([7.0, 99.5], 99, id="unknown codes are left out"),
        pytest.param([42.0], None, id="only unknown"),
        pytest.param([0, 0, 3, 2], 0, id="the commonest sky"),
        pytest.param([1, 3], 3, id="as often: the cloudier"),
        pytest.param([3] * 11 + [95], 95, id="one hour of thunder"),
        pytest.param([3] * 11 + [61], 3, id="a short shower is not the day"),
        pytest.param([3] * 9 + [61, 65, 61], 65, id="the worst of what falls"),
        pytest.param([61] * 6 + [66] * 6, 66, id="what freezes is worse"),
    ],
)
def test_one_code_stands_for_many(codes, expected):
    assert pick_code(codes) == expected


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.none() | st.floats(0, 30), min_size=1, max_size=WEEK),
    st.integers(0, 60),
    st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"]),
)
def test_no_rain_is_lost_or_counted_twice(amounts, minutes, zone):
    now = NOON + timedelta(minutes=minutes - 1)

    days = split(make_series(len(amounts), precipitation_mm=amounts), now=now, zone=ZoneInfo(zone))

    whole = sum(amount or 0.0 for amount in amounts)
    told = sum(day.precipitation_mm or 0.0 for day in days)
    assert told <= whole + 1e-6
    dates = [day.date for day in days]
    assert dates == sorted(set(dates))
    assert len(dates) <= 7
