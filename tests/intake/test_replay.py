"""The replay answers the past as it was, and never the future."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from weatherapp.domain.quantities import BY_NAME
from weatherapp.intake.replay import Replay
from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.intake.scenes.table import VALUE_NAMES, StationHours, load_table
from weatherapp.intake.source import (
    BACKFILL_DAYS,
    Hour,
    PlaceWeather,
    PointRequest,
    SourceRefusedError,
)

ANDREA = SCENES["andrea-2013"]
HOUR = timedelta(hours=1)


def ask(now: datetime, station: str = "JFK"):
    return Replay().fetch([PointRequest(7, 40.6, -73.8, station)], now=now)[7]


def read_rain_mm(until: datetime, station: str = "JFK", hours: int = 24) -> float:
    weather = ask(until, station)
    assert isinstance(weather, PlaceWeather)
    return sum(reading.values.get("precipitation_mm", 0.0) for reading in weather.readings[-hours:])


def test_it_answers_the_past_day_up_to_the_running_hour():
    weather = ask(datetime(2013, 6, 7, 20, 59, 59, tzinfo=UTC))

    assert isinstance(weather, PlaceWeather)
    observed = [reading.at for reading in weather.readings]
    assert observed == [datetime(2013, 6, 6, 21, tzinfo=UTC) + HOUR * step for step in range(24)]
    assert weather.hour_at == observed[-1]


def test_an_hour_has_the_values_of_its_station():
    weather = ask(datetime(2013, 6, 7, 20, tzinfo=UTC), "EWR")

    assert isinstance(weather, PlaceWeather)
    assert weather.readings[-1] == Hour(
        datetime(2013, 6, 7, 20, tzinfo=UTC),
        {
            "temperature_c": 17.8,
            "dew_point_c": 17.2,
            "pressure_msl_hpa": 1008.6,
            "wind_speed_ms": 3.6,
            "wind_direction_deg": 30.0,
            "precipitation_mm": 3.3,
        },
    )


@pytest.mark.parametrize("station", ["EWR", "JFK", "LGA"])
def test_nothing_after_now_ever_comes_out(station):
    """Every few minutes of the day the scene ends, and every hour of the scene."""
    moments = [ANDREA.plays_until_at + timedelta(minutes=step) for step in range(0, 24 * 60, 7)]
    moments += [ANDREA.starts_at + HOUR * step for step in range(24 * 14)]
    for now in moments:
        weather = ask(now, station)

        assert isinstance(weather, PlaceWeather)
        assert weather.forecast == ()
        assert weather.hour_at <= now
        assert max(reading.at for reading in weather.readings) <= now


def test_what_an_hour_said_is_not_changed_by_later_ones():
    now = ANDREA.plays_until_at
    later = ask(now + 6 * HOUR)
    first = ask(now)

    known = {reading.at: reading for reading in later.readings}
    assert all(known[reading.at] == reading for reading in first.readings[6:])


def test_a_gap_is_a_gap():
    weather = ask(datetime(2013, 10, 26, 6, tzinfo=UTC), "EWR")  # five hours without a report

    assert isinstance(weather, PlaceWeather)
    assert len(weather.readings) == 19


def test_an_unknown_station_is_refused_with_the_known_ones():
    error = ask(ANDREA.starts_at, "BOS")

    assert isinstance(error, SourceRefusedError)
    assert "“BOS”" in str(error)
    assert "EWR, JFK, LGA" in str(error)


@pytest.mark.parametrize(
    ("now", "is_known"),
    [
        pytest.param(datetime(2013, 1, 1, 6, 59, tzinfo=UTC), False, id="before the first hour"),
        pytest.param(datetime(2013, 1, 1, 7, tzinfo=UTC), True, id="the first hour"),
        pytest.param(datetime(2013, 12, 31, 0, 59, tzinfo=UTC), True, id="the last hour"),
        pytest.param(datetime(2013, 12, 31, 1, tzinfo=UTC), False, id="after the last hour"),
        pytest.param(datetime(2026, 1, 1, tzinfo=UTC), False, id="today"),
    ],
)
def test_outside_the_year_it_refuses(now, is_known):
    weather = ask(now)

    assert isinstance(weather, PlaceWeather if is_known else SourceRefusedError)


def test_one_bad_station_does_not_lose_the_others():
    points = [PointRequest(1, 0, 0, "JFK"), PointRequest(2, 0, 0, ""), PointRequest(3, 0, 0, "LGA")]

    outcomes = Replay().fetch(points, now=ANDREA.starts_at)

    assert [type(outcomes[key]) for key in (1, 2, 3)] == [
        PlaceWeather,
        SourceRefusedError,
        PlaceWeather,
    ]


@pytest.mark.parametrize("station", ["EWR", "JFK", "LGA"])
def test_the_scene_has_a_wet_spell_that_ends_dry_days_and_a_storm_that_goes_on(station):
    assert read_rain_mm(ANDREA.starts_at, station) == 0.0
    assert read_rain_mm(datetime(2013, 6, 4, 0, tzinfo=UTC), station) > 5.0
    assert read_rain_mm(datetime(2013, 6, 6, 23, tzinfo=UTC), station) == 0.0
    assert read_rain_mm(ANDREA.plays_until_at, station, hours=6) > 10.0
    assert read_rain_mm(ANDREA.plays_until_at + 6 * HOUR, station, hours=6) > 10.0


def test_the_scene_starts_with_a_full_day_behind_it():
    for station in ANDREA.stations:
        weather = ask(ANDREA.starts_at, station.code)

        assert isinstance(weather, PlaceWeather)
        assert len(weather.readings) == 24


def test_the_whole_table_is_plausible():
    for code, station in load_table().items():
        hours = (station.last_at - station.first_at) // HOUR + 1
        rows = [station.read(station.first_at + HOUR * step) for step in range(hours)]

        known = [row for row in rows if row]
        assert len(known) > 8700, code
        for row in known:
            assert all(
                value is None or BY_NAME[name].is_plausible(value) for name, value in row.items()
            )


@pytest.mark.parametrize("station", ["EWR", "JFK", "LGA"])
def test_the_scene_has_a_season_behind_it(station):
    past = Replay().fetch_past(PointRequest(7, 40.6, -73.8, station), now=ANDREA.starts_at)

    hours = BACKFILL_DAYS * 24
    assert len(past) > 0.99 * hours
    assert past[0].at > ANDREA.starts_at - hours * HOUR
    assert past[-1].at == ANDREA.starts_at
    assert past[-1] == ask(ANDREA.starts_at, station).readings[-1]


def test_the_past_begins_where_the_table_does():
    past = Replay().fetch_past(
        PointRequest(7, 0, 0, "JFK"), now=datetime(2013, 1, 2, 6, 30, tzinfo=UTC)
    )

    assert past[0].at == datetime(2013, 1, 1, 7, tzinfo=UTC)
    assert past[-1].at == datetime(2013, 1, 2, 6, tzinfo=UTC)


def test_the_past_of_an_unknown_station_is_refused():
    with pytest.raises(SourceRefusedError, match="EWR, JFK, LGA"):
        Replay().fetch_past(PointRequest(7, 0, 0, "BOS"), now=ANDREA.starts_at)


def test_hours_between_two_known_ones_are_unknown():
    first_at = datetime(2013, 1, 1, tzinfo=UTC)
    hours = StationHours(first_at)
    for step in (0, 3):
        hours.append(first_at + HOUR * step, [float(step)] * len(VALUE_NAMES))

    assert [hours.read(first_at + HOUR * step) is not None for step in range(-1, 6)] == [
        False,
        True,
        False,
        False,
        True,
        False,
        False,
    ]
    assert hours.last_at == first_at + 3 * HOUR
