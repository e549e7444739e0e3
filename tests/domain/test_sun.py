"""Sunrise and sunset beside published tables, and where there is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weatherapp.domain.sun import (
    HORIZON_DEG,
    SunState,
    find_height_deg,
    find_sun_day,
    is_night,
)

LONDON = {"latitude": 51.509, "longitude": -0.118}
MINUTE = timedelta(minutes=1)
TWO_MINUTES = 2 * MINUTE


@pytest.mark.parametrize(
    ("day", "rises", "sets"),
    [  # https://www.timeanddate.com/sun/uk/london, in UTC
        (date(2015, 1, 1), "08:06", "16:01"),
        (date(2015, 12, 1), "07:43", "15:55"),
        (date(2015, 12, 3), "07:46", "15:54"),
        (date(2015, 12, 12), "07:56", "15:51"),
        (date(2015, 12, 25), "08:05", "15:55"),
    ],
)
def test_london_as_the_table_has_it(day, rises, sets):
    sun = find_sun_day(day, zone=UTC, **LONDON)

    assert sun.state is SunState.RISES_AND_SETS
    assert sun.rises_at
    assert sun.sets_at
    assert abs(sun.rises_at - datetime.fromisoformat(f"{day}T{rises}Z")) <= TWO_MINUTES
    assert abs(sun.sets_at - datetime.fromisoformat(f"{day}T{sets}Z")) <= TWO_MINUTES


@pytest.mark.parametrize(
    ("day", "zone", "latitude", "longitude", "rises", "sets"),
    [
        # http://voshod-solnca.ru, Moscow
        (date(2015, 4, 12), "Europe/Moscow", 55.752, 37.616, "05:34", "19:29"),
        # https://www.timeanddate.com/sun/new-zealand/wellington
        (date(2020, 2, 11), "Pacific/Auckland", -41.293, 174.778, "06:39", "20:31"),
    ],
)
def test_other_cities_in_their_own_clock(day, zone, latitude, longitude, rises, sets):
    zone = ZoneInfo(zone)

    sun = find_sun_day(day, latitude=latitude, longitude=longitude, zone=zone)

    for at, clock in ((sun.rises_at, rises), (sun.sets_at, sets)):
        assert at is not None
        expected = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone)
        assert abs(at - expected) <= TWO_MINUTES


@pytest.mark.parametrize(
    ("latitude", "day", "state"),
    [
        (69.65, date(2026, 6, 21), SunState.UP_ALL_DAY),  # Tromsø
        (69.65, date(2026, 12, 21), SunState.DOWN_ALL_DAY),
        (-77.85, date(2026, 12, 21), SunState.UP_ALL_DAY),  # McMurdo
        (-77.85, date(2026, 6, 21), SunState.DOWN_ALL_DAY),
        (90.0, date(2026, 6, 21), SunState.UP_ALL_DAY),
        (-90.0, date(2026, 6, 21), SunState.DOWN_ALL_DAY),
    ],
)
def test_polar_day_and_night_are_states(latitude, day, state):
    sun = find_sun_day(day, latitude=latitude, longitude=18.96, zone=UTC)

    assert sun.state is state
    assert (sun.rises_at, sun.sets_at, sun.length) == (None, None, None)


def test_a_high_summers_sunset_may_be_after_midnight():
    zone = ZoneInfo("Atlantic/Reykjavik")

    sun = find_sun_day(date(2026, 6, 21), latitude=64.147, longitude=-21.94, zone=zone)

    assert sun.rises_at
    assert sun.sets_at
    assert sun.rises_at.date() == date(2026, 6, 21)
    assert sun.sets_at.date() == date(2026, 6, 22)


@settings(deadline=None, max_examples=60)
@given(
    day=st.dates(date(2000, 1, 1), date(2080, 12, 31)),
    latitude=st.floats(-65, 65),
    longitude=st.floats(-180, 180),
)
def test_at_both_times_the_sun_is_on_the_horizon_and_it_is_day_between(day, latitude, longitude):
    zone = ZoneInfo(f"Etc/GMT{-round(longitude / 15):+d}")

    sun = find_sun_day(day, latitude=latitude, longitude=longitude, zone=zone)

    assert sun.state is SunState.RISES_AND_SETS
    assert sun.length
    assert sun.rises_at < sun.highest_at < sun.sets_at
    assert sun.highest_at.astimezone(zone).date() == day
    where = {"latitude": latitude, "longitude": longitude}
    for at in (sun.rises_at, sun.sets_at):
        assert find_height_deg(at, **where) == pytest.approx(HORIZON_DEG, abs=0.1)
    assert is_night(sun.rises_at - 15 * MINUTE, **where) or sun.length > timedelta(hours=20)
    assert not is_night(sun.highest_at, **where)


@settings(deadline=None, max_examples=60)
@given(
    at=st.datetimes(timezones=st.just(UTC)),
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
)
def test_the_height_is_one_everywhere_and_always(at, latitude, longitude):
    assert -90 <= find_height_deg(at, latitude=latitude, longitude=longitude) <= 90
