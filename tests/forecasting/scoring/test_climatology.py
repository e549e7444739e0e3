"""The baseline of skill knows the place's past, and nothing else."""

import pytest

from tests.factories import NOON
from tests.forecasting.source_runs import HOUR
from weatherapp.forecasting.scoring.climatology import (
    TYPICAL_SHARE,
    Climatology,
    learn,
    parse_climatology,
)

DAY = 24 * HOUR


def days(count, *, wet_at):
    """Hours of so many days; wet where `wet_at` says of the hour of the day."""
    return [(NOON + step * HOUR, wet_at((NOON + step * HOUR).hour)) for step in range(24 * count)]


def test_before_anything_is_known_it_is_a_typical_place():
    assert Climatology().probability(NOON) == pytest.approx(TYPICAL_SHARE)


def test_it_learns_how_often_it_rains_at_which_hour():
    usual = learn(days(120, wet_at=lambda hour: 14 <= hour <= 17))

    assert usual.probability(NOON + 3 * HOUR) > 0.75
    assert usual.probability(NOON - 6 * HOUR) < 0.06


def test_hours_on_both_sides_of_midnight_are_neighbours():
    usual = learn(days(120, wet_at=lambda hour: hour == 0))

    late, early = (usual.probability(NOON.replace(hour=hour)) for hour in (23, 1))
    assert late == pytest.approx(early, abs=0.01)
    assert late > 2 * usual.probability(NOON)


def test_what_is_long_ago_fades():
    usual = learn(days(200, wet_at=lambda hour: True))
    before = usual.probability(NOON)
    for step in range(24 * 45, 24 * 90):
        usual.count(NOON + step * HOUR, is_wet=False)

    assert before > 0.95
    assert usual.probability(NOON) == pytest.approx(0.5 * before, abs=0.1)


def test_it_is_stored_and_read_again():
    usual = learn(days(30, wet_at=lambda hour: hour < 3))

    assert parse_climatology(usual.to_json(), "row") == usual


@pytest.mark.parametrize("stored", [None, {}, [], [[1.0]], [None, "wet"], [[-5.0] * 99, [9.0]]])
def test_what_another_release_wrote_never_breaks_it(stored):
    assert 0 < parse_climatology(stored, "row").probability(NOON) < 1
