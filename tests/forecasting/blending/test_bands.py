import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weatherapp.forecasting.blending.bands import (
    BANDS,
    LEAST,
    Weights,
    blend_hour,
    find_band,
    to_log_odds,
)

PROBABILITY = st.floats(0, 1)
WEIGHT = st.floats(0, 3)
ANY_WEIGHTS = st.builds(Weights, st.floats(-5, 5), model=WEIGHT, source=WEIGHT)


@given(PROBABILITY, PROBABILITY, ANY_WEIGHTS)
def test_it_is_a_probability(model, source, weights):
    assert 0 <= blend_hour(model, source, weights) <= 1


@given(PROBABILITY, PROBABILITY, PROBABILITY, ANY_WEIGHTS)
def test_it_never_falls_when_a_part_rises(low, high, other, weights):
    low, high = sorted((low, high))

    assert blend_hour(low, other, weights) <= blend_hour(high, other, weights)
    assert blend_hour(other, low, weights) <= blend_hour(other, high, weights)


@given(PROBABILITY, st.sampled_from(BANDS))
def test_parts_that_agree_are_believed_by_the_defaults(probability, band):
    assert blend_hour(probability, probability, band.default) == pytest.approx(
        probability, abs=LEAST + 1e-9
    )


@given(PROBABILITY, PROBABILITY, st.sampled_from(BANDS))
def test_by_the_defaults_it_lies_between_its_parts(model, source, band):
    low, high = sorted((model, source))

    allowed = LEAST + 1e-9
    assert low - allowed <= blend_hour(model, source, band.default) <= high + allowed


def test_near_the_model_counts_for_more_and_far_the_source_does():
    near, far = BANDS[0].default, BANDS[-1].default

    assert blend_hour(0.9, 0.1, near) > 0.7
    assert blend_hour(0.9, 0.1, far) < 0.2


@pytest.mark.parametrize("source", [0.0, 1.0])
def test_a_source_that_claims_certainty_is_taken_for_half_a_percent_off(source):
    weights = Weights(0.0, model=0.0, source=1.0)

    assert blend_hour(0.5, source, weights) == pytest.approx(abs(source - LEAST))
    assert math.isfinite(to_log_odds(source))


@pytest.mark.parametrize("log_odds", [-1e6, 1e6])
def test_extreme_weights_do_not_overflow(log_odds):
    assert blend_hour(0.5, 0.5, Weights(log_odds, 1.0, 1.0)) == (0 if log_odds < 0 else 1)


def test_each_hour_ahead_has_one_band():
    bands = [find_band(lead_hours) for lead_hours in range(1, 25)]

    assert [bands.count(band) for band in BANDS] == [band.lead_count for band in BANDS]


@pytest.mark.parametrize("lead_hours", [0, 25, -1])
def test_hours_outside_the_bands_are_refused(lead_hours):
    with pytest.raises(ValueError, match="lead_hours"):
        find_band(lead_hours)
