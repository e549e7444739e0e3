import pytest
from hypothesis import given
from hypothesis import strategies as st

from weatherapp.domain.rain import RainProbability
from weatherapp.forecasting.blending.bands import BANDS, LEAST
from weatherapp.forecasting.blending.blend import blend_answer, move_any

PROBABILITY = st.floats(0, 1)
DAY = st.lists(PROBABILITY, min_size=24, max_size=24)
PARTLY_KNOWN_DAY = st.lists(st.none() | PROBABILITY, min_size=24, max_size=24)
DEFAULTS = {band: band.default for band in BANDS}


def answer(hourly=(0.1,) * 24, any_6h=0.3, any_24h=0.6):
    return RainProbability(tuple(hourly), any_6h, any_24h)


def test_each_hour_goes_by_the_weights_of_its_band():
    blended = blend_answer(answer((0.1,) * 24), (0.9,) * 24, DEFAULTS).hourly_probability

    for band in BANDS:
        hours = {blended[lead_hours - 1] for lead_hours in band.lead_hours}
        assert len(hours) == 1
    assert blended[0] < blended[2] < blended[6] < blended[12]


def test_an_hour_of_which_the_source_says_nothing_keeps_the_models_probability():
    theirs = [None] * 24
    theirs[3] = 0.9

    blended = blend_answer(answer((0.001,) * 24), theirs, DEFAULTS).hourly_probability

    assert blended[3] > 0.05
    assert blended[:3] + blended[4:] == (0.001,) * 23


def test_where_the_source_agrees_the_models_answer_stays():
    blended = blend_answer(answer(), (0.1,) * 24, DEFAULTS)

    assert blended.hourly_probability == pytest.approx((0.1,) * 24)
    assert blended.probability_any_6h == pytest.approx(0.3)
    assert blended.probability_any_24h == pytest.approx(0.6)


@pytest.mark.parametrize(("theirs", "sign"), [(0.9, 1), (0.0, -1)])
def test_a_wetter_source_raises_every_answer_and_a_drier_one_lowers_it(theirs, sign):
    blended = blend_answer(answer(), (theirs,) * 24, DEFAULTS)

    assert sign * (blended.probability_any_6h - 0.3) > 0.1
    assert sign * (blended.probability_any_24h - 0.6) > 0.1


@given(DAY, PARTLY_KNOWN_DAY, PROBABILITY, PROBABILITY)
def test_all_are_probabilities_and_any_hour_is_never_less_likely_than_one_of_them(
    ours, theirs, any_6h, any_24h
):
    blended = blend_answer(answer(ours, any_6h, any_24h), theirs, DEFAULTS)

    near, far = blended.probability_any_6h, blended.probability_any_24h
    assert all(0 <= value <= 1 for value in blended.hourly_probability)
    assert max(blended.hourly_probability[:6]) <= near <= far <= 1
    assert max(blended.hourly_probability) <= far


@given(DAY, PARTLY_KNOWN_DAY, st.integers(0, 23), PROBABILITY)
def test_nothing_falls_when_one_hour_of_the_source_rises(ours, theirs, hour, higher):
    wetter = list(theirs)
    theirs[hour], wetter[hour] = sorted((theirs[hour] or 0.0, higher))

    before = blend_answer(answer(ours), theirs, DEFAULTS)
    after = blend_answer(answer(ours), wetter, DEFAULTS)

    assert after.hourly_probability[hour] >= before.hourly_probability[hour]
    assert after.probability_any_6h >= before.probability_any_6h - 1e-12
    assert after.probability_any_24h >= before.probability_any_24h - 1e-12


def test_spells_are_kept_the_chance_stays_below_that_of_independent_hours():
    blended = blend_answer(answer((0.2,) * 24, any_6h=0.4), (0.6,) * 24, DEFAULTS)

    independent = 1.0
    for value in blended.hourly_probability[:6]:
        independent *= 1 - value
    assert blended.probability_any_6h < 1 - independent - 0.05


def test_hours_that_the_model_excludes_count_as_independent():
    assert move_any(0.0, (0.0, 0.0), (0.5, 0.5)) == pytest.approx(0.75)


def test_a_dry_hour_stays_almost_dry_when_both_exclude_rain():
    blended = blend_answer(answer((0.0,) * 24, 0.0, 0.0), (0.0,) * 24, DEFAULTS)

    assert blended.hourly_probability == pytest.approx((LEAST,) * 24)
