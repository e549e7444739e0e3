from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weatherapp.domain.rain import probability_any_within

PROBABILITY = st.floats(0, 1)


def within(hours, hourly=(0.2,) * 24, any_6h=0.5, any_24h=0.8):
    return probability_any_within(
        hours,
        hourly_probability=hourly,
        probability_any_6h=any_6h,
        probability_any_24h=any_24h,
    )


@pytest.mark.parametrize(("hours", "expected"), [(1, 0.2), (6, 0.5), (24, 0.8)])
def test_the_models_own_answers_come_back_unchanged(hours, expected):
    assert within(hours) == pytest.approx(expected)


def test_between_them_the_chance_grows_with_the_likelier_hours():
    late_rain = (0.01,) * 4 + (0.4, 0.4) + (0.1,) * 18

    assert within(4, hourly=late_rain, any_6h=0.6) < 0.1
    assert within(5, hourly=late_rain, any_6h=0.6) > 0.3


def test_wet_hours_come_in_spells_so_the_chance_is_below_independence():
    assert within(3) < 1 - 0.8**3


@pytest.mark.parametrize("hours", [0, 25, -1])
def test_hours_outside_the_models_reach_are_refused(hours):
    with pytest.raises(ValueError, match="hours must be within 1 and 24"):
        within(hours)


@given(st.lists(PROBABILITY, min_size=24, max_size=24), PROBABILITY, PROBABILITY)
def test_it_is_a_probability_that_never_falls_and_covers_its_hours(hourly, any_6h, any_24h):
    chances = [within(hours, hourly, any_6h, any_24h) for hours in range(1, 25)]

    assert all(0 <= chance <= 1 for chance in chances)
    assert all(later >= earlier - 1e-12 for earlier, later in pairwise(chances))
    assert all(chance >= value for chance, value in zip(chances, hourly, strict=True))
