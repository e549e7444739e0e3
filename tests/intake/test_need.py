"""How often places are fetched, by what they need and what a day allows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOON
from weatherapp.intake.need import HOURLY, PACES, Demand, Need, Pace, find_pace
from weatherapp.intake.schedule import find_next_turn_at

FREE = 10_000


@pytest.mark.parametrize(
    ("need", "is_needed"),
    [
        pytest.param(Need(), False, id="calm"),
        pytest.param(Need(is_alerting=True), True, id="pending or firing"),
        pytest.param(Need(is_near=True), True, id="near a threshold"),
        pytest.param(Need(is_subscribed=True), True, id="somebody subscribes"),
    ],
)
def test_what_speaks_for_each_hour(need, is_needed):
    assert bool(need) is is_needed


@pytest.mark.parametrize(
    ("cells", "needed", "pace"),
    [
        pytest.param(416, 0, HOURLY, id="as many as a day is enough for"),
        pytest.param(417, 0, Pace(1, 2), id="one more"),
        pytest.param(833, 0, Pace(1, 2), id="the last that two hours are enough for"),
        pytest.param(834, 0, Pace(1, 3), id="three hours"),
        pytest.param(1250, 0, Pace(1, 3), id="the last of three hours"),
        pytest.param(2500, 0, Pace(1, 6), id="six hours"),
        pytest.param(500, 300, Pace(1, 2), id="a need is each hour"),
        pytest.param(500, 400, Pace(1, 6), id="what is calm gives way to it"),
        pytest.param(800, 600, Pace(2, 6), id="a need is at least each second hour"),
        pytest.param(800, 800, Pace(2, 6), id="a storm over all of them"),
        pytest.param(9999, 0, Pace(2, 24), id="once a day"),
        pytest.param(20_000, 9, PACES[-1], id="too many at any pace"),
    ],
)
def test_intervals_grow_just_as_far_as_the_day_asks_for(cells, needed, pace):
    assert find_pace(Demand(cells, needed), FREE) == pace


def test_a_plan_without_a_limit_is_hourly():
    assert find_pace(Demand(100_000, 0), None) == HOURLY


def test_the_past_of_new_places_is_paid_for_from_the_same_day():
    assert find_pace(Demand(400, 0), FREE) == HOURLY
    assert find_pace(Demand(400, 0, past_calls=2364.0), FREE) == Pace(1, 2)


def test_a_slower_pace_never_asks_for_more():
    demand = Demand(1000, 400)
    calls = [pace.count_calls(demand) for pace in PACES]

    assert calls == sorted(calls, reverse=True)
    assert calls[0] == 24_000


@pytest.mark.parametrize("hours", sorted({pace.calm_hours for pace in PACES}))
def test_turns_come_each_so_many_hours_and_not_all_in_one(hours):
    firsts = set()
    for number in range(48):
        asked = {"hours": hours, "place_id": 100 * number, "cell": ""}
        first_at = find_next_turn_at(NOON, **asked)
        second_at = find_next_turn_at(first_at, **asked)
        firsts.add(first_at.replace(minute=0))
        assert second_at - first_at == timedelta(hours=hours)
        assert timedelta(hours=1) < first_at - NOON < timedelta(hours=hours, minutes=6)

    assert len(firsts) == hours


def test_places_of_a_cell_have_their_turn_in_the_same_hour():
    turns = {
        find_next_turn_at(NOON, hours=6, place_id=number * 100, cell="here").hour
        for number in range(20)
    }

    assert len(turns) == 1
