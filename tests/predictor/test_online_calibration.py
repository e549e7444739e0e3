"""What comes of a model's answers at a place teaches how to calibrate the next ones."""

import random

import pytest

from predictor.online_calibration import (
    INTERCEPT_BOUNDS,
    SLOPE_BOUNDS,
    UNCALIBRATED,
    PlattScaling,
    calibrate,
    from_log_odds,
    learn_answer,
    to_log_odds,
)

HOURS = 24 * 365


def simulate(truth, count=HOURS, seed=1):
    """What `count` cases taught; `truth` maps the model's log-odds to the real ones."""
    return follow(PlattScaling(), truth, random.Random(seed), count)


def follow(scaling, truth, draw, count):
    for _ in range(count):
        said = draw.gauss(-1.0, 1.0)
        is_wet = draw.random() < from_log_odds(truth(said))
        scaling = scaling.update(from_log_odds(said), is_wet=is_wet)
    return scaling


def test_a_place_without_answers_keeps_the_models_own():
    probabilities = [index / 25 for index in range(24)] + [0.8, 0.97]

    assert calibrate(UNCALIBRATED, probabilities) == pytest.approx(probabilities, abs=1e-4)


@pytest.mark.parametrize(
    ("intercept", "slope"),
    [
        pytest.param(0.0, 1.0, id="the model is right"),
        pytest.param(0.3, 1.0, id="it rains more than it says"),
        pytest.param(-0.3, 1.0, id="it rains less than it says"),
        pytest.param(0.0, 0.8, id="it is too sure"),
        pytest.param(0.1, 1.2, id="it is not sure enough"),
    ],
)
def test_a_scaling_finds_the_truth(intercept, slope):
    scaling = simulate(lambda said: intercept + slope * said, count=4 * HOURS)

    for probability in (0.05, 0.2, 0.4, 0.7):
        truth = from_log_odds(intercept + slope * to_log_odds(probability))
        assert scaling.apply(probability) == pytest.approx(truth, abs=0.02)


def test_few_answers_move_little():
    week = simulate(lambda said: said + 1.0, count=24 * 7)

    assert 0.0 < week.intercept < 0.5


def test_what_was_long_ago_fades():
    other = simulate(lambda said: said - 0.4, count=8 * HOURS)

    since = follow(other, lambda said: said + 0.4, random.Random(2), 4 * HOURS)

    assert other.intercept < -0.2
    assert since.apply(0.4) == pytest.approx(from_log_odds(to_log_odds(0.4) + 0.4), abs=0.03)


def test_no_run_of_cases_leaves_the_bounds():
    dry, wet = PlattScaling(), PlattScaling()
    for _ in range(40_000):
        dry, wet = dry.update(0.98, is_wet=False), wet.update(0.02, is_wet=True)

    for scaling in (dry, wet):
        assert INTERCEPT_BOUNDS[0] <= scaling.intercept <= INTERCEPT_BOUNDS[1]
        assert SLOPE_BOUNDS[0] <= scaling.slope <= SLOPE_BOUNDS[1]
    assert dry.intercept < -1.0 < 1.0 < wet.intercept


def test_an_unknown_outcome_teaches_nothing():
    outcome = [None] * 24 + [True, None]

    scalings = learn_answer(UNCALIBRATED, [0.5] * 26, outcome)

    assert scalings[:24] == UNCALIBRATED[:24]
    assert scalings[24].intercept > 0.0
    assert scalings[25] == PlattScaling()


def test_any_of_several_hours_stays_at_least_as_likely_as_each():
    moved = {5: PlattScaling(1.5), 23: PlattScaling(1.8), 24: PlattScaling(-1.0)}
    scalings = [moved.get(index, PlattScaling()) for index in range(26)]

    said = calibrate(scalings, [0.3] * 24 + [0.4, 0.5])

    assert said[24] == max(said[:6]) == said[5]
    assert said[25] == max(said[:24]) == said[23]
