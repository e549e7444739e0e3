"""What a place's own misses teach."""

import random

import pytest

from predictor import contract, recalibration
from predictor.recalibration import OWN_LINES, Line, from_log_odds, to_log_odds

HOURS = 24 * 365


def simulate(truth, count=HOURS, seed=1):
    """A line that learned from `count` cases; `truth` maps the model's log-odds to the real ones."""
    draw = random.Random(seed)
    line = Line()
    for _ in range(count):
        said = draw.gauss(-1.0, 1.0)
        line = line.learn(said, is_wet=draw.random() < from_log_odds(truth(said)))
    return line


def ask(line, probability):
    return from_log_odds(line.intercept + line.slope * to_log_odds(probability))


def test_a_place_without_answers_keeps_the_models_own():
    probabilities = [index / 25 for index in range(24)] + [0.8, 0.97]
    lines = [(line.intercept, line.slope) for line in OWN_LINES]

    assert recalibration.recalibrate(probabilities, lines) == pytest.approx(probabilities, abs=1e-4)


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
def test_a_line_finds_the_truth(intercept, slope):
    line = simulate(lambda said: intercept + slope * said, count=4 * HOURS)

    for probability in (0.05, 0.2, 0.4, 0.7):
        truth = from_log_odds(intercept + slope * to_log_odds(probability))
        assert ask(line, probability) == pytest.approx(truth, abs=0.02)


def test_few_answers_move_little():
    week = simulate(lambda said: said + 1.0, count=24 * 7)

    assert 0.0 < week.intercept < 0.5


def test_what_was_long_ago_fades():
    other = simulate(lambda said: said - 0.4, count=8 * HOURS)
    draw = random.Random(2)
    line = other
    for _ in range(4 * HOURS):
        said = draw.gauss(-1.0, 1.0)
        line = line.learn(said, is_wet=draw.random() < from_log_odds(said + 0.4))

    assert other.intercept < -0.2
    assert ask(line, 0.4) == pytest.approx(from_log_odds(to_log_odds(0.4) + 0.4), abs=0.03)


def test_no_run_of_cases_leaves_the_bounds_of_the_message():
    dry, wet = Line(), Line()
    for _ in range(40_000):
        dry, wet = dry.learn(4.0, is_wet=False), wet.learn(-4.0, is_wet=True)

    for line in (dry, wet):
        assert contract.INTERCEPT_BOUNDS[0] <= line.intercept <= contract.INTERCEPT_BOUNDS[1]
        assert contract.SLOPE_BOUNDS[0] <= line.slope <= contract.SLOPE_BOUNDS[1]


def test_an_unknown_outcome_teaches_nothing():
    outcome = [None] * 24 + [True, None]

    lines = recalibration.learn_case(OWN_LINES, [0.0] * 26, outcome)

    assert lines[:24] == OWN_LINES[:24]
    assert lines[24].intercept > 0.0
    assert lines[25] == Line()


def test_any_of_several_hours_stays_at_least_as_likely_as_each():
    lines = [(0.0, 1.0)] * 5 + [(1.5, 1.0)] + [(0.0, 1.0)] * 17 + [(1.8, 1.0)] + [(-1.0, 1.0)] * 2

    moved = recalibration.recalibrate([0.3] * 24 + [0.4, 0.5], lines)

    assert moved[24] == max(moved[:6]) == moved[5]
    assert moved[25] == max(moved[:24]) == moved[23]


def test_what_was_applied_can_be_undone():
    lines = [(0.02 * index - 0.2, 0.8 + 0.01 * index) for index in range(26)]
    probabilities = [0.01 + 0.02 * index for index in range(24)] + [0.7, 0.9]

    said = recalibration.undo(recalibration.recalibrate(probabilities, lines), lines)

    assert said == pytest.approx([to_log_odds(value) for value in probabilities])
