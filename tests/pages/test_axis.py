"""Hours of a place's own day, also when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from weatherapp.pages.axis import make_ticks

HOUR = timedelta(hours=1)


def day_from(start, hours=24):
    return [start + hour * HOUR for hour in range(hours + 1)]


def labels(bounds, zone):
    return [f"{tick.at:%H:%M}" for tick in make_ticks(bounds, ZoneInfo(zone))]


def days(ticks):
    """Those that begin a day, by its date."""
    return [(tick.x, tick.at.date()) for tick in ticks if tick.is_new_day]


def test_ticks_are_local_hours_and_name_the_new_day():
    bounds = day_from(datetime(2013, 6, 7, 22, tzinfo=UTC))

    assert labels(bounds, "America/New_York")[:4] == ["18:00", "21:00", "00:00", "03:00"]
    assert days(make_ticks(bounds, ZoneInfo("America/New_York"))) == [(25.0, date(2013, 6, 8))]


def test_when_clocks_go_forward_the_missing_hour_has_no_tick():
    # Dublin, 29 March 2026: 01:00 becomes 02:00.
    bounds = day_from(datetime(2026, 3, 28, 21, tzinfo=UTC), hours=9)

    assert labels(bounds, "Europe/Dublin") == ["21:00", "00:00", "03:00", "06:00"]
    assert [tick.x for tick in make_ticks(bounds, ZoneInfo("Europe/Dublin"))] == [
        0.0,
        33.333,
        55.556,  # two hours after midnight, not three
        88.889,
    ]


def test_when_clocks_go_back_the_night_is_an_hour_longer():
    # New York, 3 November 2013: 02:00 becomes 01:00.
    bounds = day_from(datetime(2013, 11, 3, 4, tzinfo=UTC), hours=5)
    ticks = make_ticks(bounds, ZoneInfo("America/New_York"))

    assert labels(bounds, "America/New_York") == ["00:00", "03:00"]
    assert [tick.x for tick in ticks] == [0.0, 80.0]


def test_zone_with_three_quarters_of_an_hour_shows_its_own_minutes():
    bounds = day_from(datetime(2026, 1, 1, 15, tzinfo=UTC), hours=7)
    ticks = make_ticks(bounds, ZoneInfo("Asia/Kathmandu"))

    assert labels(bounds, "Asia/Kathmandu") == ["21:45", "00:45", "03:45"]
    assert days(ticks) == [(ticks[1].x, date(2026, 1, 2))]


def test_name_of_a_day_that_begins_late_stands_before_its_line():
    ticks = make_ticks(day_from(datetime(2026, 1, 1, 3, tzinfo=UTC)), ZoneInfo("UTC"))
    soon = make_ticks(day_from(datetime(2026, 1, 1, 20, tzinfo=UTC)), ZoneInfo("UTC"))

    assert [tick.is_late for tick in ticks if tick.is_new_day] == [True]
    assert [tick.is_late for tick in soon if tick.is_new_day] == [False]


@pytest.mark.parametrize("hours", [1, 2])
def test_chart_of_an_hour_or_two_names_each_of_them(hours):
    bounds = day_from(datetime(2026, 1, 1, 13, tzinfo=UTC), hours)

    assert labels(bounds, "UTC") == ["13:00", "14:00", "15:00"][: hours + 1]


def test_labels_at_the_sides_stay_within_the_chart():
    ticks = make_ticks(day_from(datetime(2026, 1, 1, 1, tzinfo=UTC), hours=47), ZoneInfo("UTC"))
    whole = make_ticks(day_from(datetime(2026, 1, 1, tzinfo=UTC)), ZoneInfo("UTC"))

    assert [tick.anchor for tick in whole] == ["start", *["middle"] * 7, "end"]
    assert [tick.anchor for tick in ticks] == [*["middle"] * 15, "end"]


@pytest.mark.parametrize(("hours", "most"), [(6, 9), (24, 9), (48, 17), (72, 13), (240, 21)])
def test_labels_are_bounded_however_long_the_chart(hours, most):
    ticks = make_ticks(day_from(datetime(2026, 1, 1, tzinfo=UTC), hours), ZoneInfo("UTC"))

    assert 2 < len(ticks) <= most


def test_labels_that_stay_on_a_narrow_screen_are_evenly_apart():
    ticks = make_ticks(day_from(datetime(2026, 1, 1, tzinfo=UTC)), ZoneInfo("UTC"))

    assert [tick.at.hour for tick in ticks if tick.rank == 0] == [0, 12, 0]
    assert [tick.at.hour for tick in ticks if tick.rank < 2] == [0, 6, 12, 18, 0]


def test_of_ten_days_few_are_named_on_a_narrow_screen():
    ticks = make_ticks(day_from(datetime(2026, 1, 1, tzinfo=UTC), 240), ZoneInfo("UTC"))

    named = [tick.at.day for tick in ticks if tick.is_new_day and tick.day_rank == 0]
    assert named == [2, 10]


def test_a_short_chart_has_all_its_labels_on_every_screen():
    ticks = make_ticks(day_from(datetime(2026, 1, 1, tzinfo=UTC), 6), ZoneInfo("UTC"))

    assert [(tick.at.hour, tick.rank) for tick in ticks] == [(0, 0), (3, 0), (6, 0)]
