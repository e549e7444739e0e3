import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictor import contract
from weatherapp.forecasting.combination import combine, move_any
from weatherapp.forecasting.pool import BANDS, LEAST

PROBABILITY = st.floats(0, 1)
DAY = st.lists(PROBABILITY, min_size=24, max_size=24)
PARTLY_KNOWN_DAY = st.lists(st.none() | PROBABILITY, min_size=24, max_size=24)
DEFAULTS = {band: band.default for band in BANDS}


def answer(hourly=(0.1,) * 24, any_6h=0.3, any_24h=0.6):
    return contract.Answer(tuple(hourly), any_6h, any_24h, "rain_mini", "test", 1.0)


def test_each_hour_goes_by_the_weights_of_its_band():
    combined = combine(answer((0.1,) * 24), (0.9,) * 24, DEFAULTS).hourly_probability

    for band in BANDS:
        hours = {combined[lead_hours - 1] for lead_hours in band.lead_hours}
        assert len(hours) == 1
    assert combined[0] < combined[2] < combined[6] < combined[12]


def test_an_hour_of_which_the_source_says_nothing_keeps_the_models_probability():
    theirs = [None] * 24
    theirs[3] = 0.9

    combined = combine(answer((0.001,) * 24), theirs, DEFAULTS).hourly_probability

    assert combined[3] > 0.05
    assert combined[:3] + combined[4:] == (0.001,) * 23


def test_where_the_source_agrees_the_models_answer_stays():
    combined = combine(answer(), (0.1,) * 24, DEFAULTS)

    assert combined.hourly_probability == pytest.approx((0.1,) * 24)
    assert combined.probability_any_6h == pytest.approx(0.3)
    assert combined.probability_any_24h == pytest.approx(0.6)


@pytest.mark.parametrize(("theirs", "sign"), [(0.9, 1), (0.0, -1)])
def test_a_wetter_source_raises_every_answer_and_a_drier_one_lowers_it(theirs, sign):
    combined = combine(answer(), (theirs,) * 24, DEFAULTS)

    assert sign * (combined.probability_any_6h - 0.3) > 0.1
    assert sign * (combined.probability_any_24h - 0.6) > 0.1


@given(DAY, PARTLY_KNOWN_DAY, PROBABILITY, PROBABILITY)
def test_all_are_probabilities_and_any_hour_is_never_less_likely_than_one_of_them(
    ours, theirs, any_6h, any_24h
):
    combined = combine(answer(ours, any_6h, any_24h), theirs, DEFAULTS)

    near, far = combined.probability_any_6h, combined.probability_any_24h
    assert all(0 <= value <= 1 for value in combined.hourly_probability)
    assert max(combined.hourly_probability[:6]) <= near <= far <= 1
    assert max(combined.hourly_probability) <= far


@given(DAY, PARTLY_KNOWN_DAY, st.integers(0, 23), PROBABILITY)
def test_nothing_falls_when_one_hour_of_the_source_rises(ours, theirs, hour, higher):
    wetter = list(theirs)
    theirs[hour], wetter[hour] = sorted((theirs[hour] or 0.0, higher))

    before = combine(answer(ours), theirs, DEFAULTS)
    after = combine(answer(ours), wetter, DEFAULTS)

    assert after.hourly_probability[hour] >= before.hourly_probability[hour]
    assert after.probability_any_6h >= before.probability_any_6h - 1e-12
    assert after.probability_any_24h >= before.probability_any_24h - 1e-12


def test_spells_are_kept_the_chance_stays_below_that_of_independent_hours():
    combined = combine(answer((0.2,) * 24, any_6h=0.4), (0.6,) * 24, DEFAULTS)

    independent = 1.0
    for value in combined.hourly_probability[:6]:
        independent *= 1 - value
    assert combined.probability_any_6h < 1 - independent - 0.05


def test_hours_that_the_model_excludes_count_as_independent():
    assert move_any(0.0, (0.0, 0.0), (0.5, 0.5)) == pytest.approx(0.75)


def test_a_dry_hour_stays_almost_dry_when_both_exclude_rain():
    combined = combine(answer((0.0,) * 24, 0.0, 0.0), (0.0,) * 24, DEFAULTS)

    assert combined.hourly_probability == pytest.approx((LEAST,) * 24)
