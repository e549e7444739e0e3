"""Simulated cases with a known truth."""

import random
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictor.online_calibration import from_log_odds
from weatherapp.forecasting.blending.bands import BANDS, Weights, blend_hour, to_log_odds
from weatherapp.forecasting.blending.fit import Cell, fit_weights, solve
from weatherapp.forecasting.scoring.histogram import Case, Histogram

DEFAULT = BANDS[1].default
TRUTH = Weights(-0.4, model=0.9, source=0.3)


def simulate(count, truth=TRUTH, seed=1):
    """(model, source, wet) of hours whose chance is `truth`'s blend of both parts."""
    draw = random.Random(seed)
    hours = []
    for _ in range(count):
        shared = draw.gauss(-1.2, 1.0)
        model = from_log_odds(shared + draw.gauss(0, 1.0))
        source = from_log_odds(shared + draw.gauss(0, 1.0))
        hours.append((model, source, draw.random() < blend_hour(model, source, truth)))
    return hours


def fit(hours):
    histogram = Histogram()
    for model, source, wet in hours:
        histogram.add(Case(model, source, model, wet))
    return fit_weights(histogram.list_cells(), DEFAULT)


def brier(hours, say):
    return sum((say(model, source) - wet) ** 2 for model, source, wet in hours) / len(hours)


def test_without_cases_the_default_holds():
    assert fit([]) == DEFAULT


def test_few_cases_move_it_little():
    weights = fit(simulate(10))

    assert weights.intercept == pytest.approx(DEFAULT.intercept, abs=0.2)
    assert weights.model == pytest.approx(DEFAULT.model, abs=0.2)
    assert weights.source == pytest.approx(DEFAULT.source, abs=0.2)


def test_many_cases_bring_it_to_the_truth():
    weights = fit(simulate(30_000))

    assert weights.intercept == pytest.approx(TRUTH.intercept, abs=0.05)
    assert weights.model == pytest.approx(TRUTH.model, abs=0.05)
    assert weights.source == pytest.approx(TRUTH.source, abs=0.05)


def test_the_more_cases_the_nearer_the_truth():
    misses = [abs(fit(simulate(count)).model - TRUTH.model) for count in (0, 300, 30_000)]

    assert misses == sorted(misses, reverse=True)


def two_views(count, seed):
    """Hours that model and source each see a different half of; both are calibrated alone."""
    draw = random.Random(seed)
    hours = []
    for _ in range(count):
        is_wet = draw.random() < 0.25
        seen = [draw.gauss(1.0 if is_wet else -1.0, 1.2) for _ in range(2)]
        # Bayes: the log-odds of rain after seeing one such number.
        said = [from_log_odds(log(0.25 / 0.75) + 2 * value / 1.2**2) for value in seen]
        hours.append((*said, is_wet))
    return hours


def test_learned_on_some_hours_it_beats_both_parts_on_others():
    past, future = two_views(6_000, seed=1), two_views(20_000, seed=2)

    weights = fit(past)
    blended = brier(future, lambda model, source: blend_hour(model, source, weights))

    best_part = min(brier(future, lambda m, s: m), brier(future, lambda m, s: s))
    by_default = brier(future, lambda model, source: blend_hour(model, source, DEFAULT))
    assert blended < 0.85 * best_part
    assert blended < by_default < best_part


def test_what_it_says_comes_as_often_as_it_says():
    past, future = two_views(6_000, seed=3), two_views(40_000, seed=4)
    weights = fit(past)

    said = [(blend_hour(model, source, weights), wet) for model, source, wet in future]

    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        bin_ = [(chance, wet) for chance, wet in said if low <= chance < low + 0.2]
        mean_chance = sum(chance for chance, _ in bin_) / len(bin_)
        frequency = sum(wet for _, wet in bin_) / len(bin_)
        assert frequency == pytest.approx(mean_chance, abs=0.04), low


def test_a_part_that_exaggerates_is_toned_down():
    hours = [(from_log_odds(3 * to_log_odds(m)), s, wet) for m, s, wet in simulate(20_000)]

    assert fit(hours).model < TRUTH.model / 2


def test_a_part_that_is_noise_loses_its_weight():
    draw = random.Random(5)
    hours = [(model, draw.random(), wet) for model, _, wet in two_views(20_000, seed=5)]

    weights = fit(hours)

    assert weights.source == pytest.approx(0, abs=0.05)
    assert weights.model == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("wrong", [0, 1, 2], ids=["the model", "the source", "both"])
def test_a_part_that_says_the_contrary_is_ignored_and_never_turned_round(wrong):
    flip = [wrong in (0, 2), wrong in (1, 2)]
    hours = [
        (1 - m if flip[0] else m, 1 - s if flip[1] else s, wet)
        for m, s, wet in two_views(5_000, seed=6)
    ]

    weights = fit(hours)

    assert (weights.model == pytest.approx(0, abs=1e-6)) == flip[0]
    assert (weights.source == pytest.approx(0, abs=1e-6)) == flip[1]
    assert min(weights.model, weights.source) >= 0


def test_the_other_part_is_fitted_as_if_the_ignored_one_were_not_there():
    contrary = Weights(0.0, model=1.0, source=-0.5)
    hours = simulate(20_000, truth=contrary)

    weights = fit(hours)

    alone = fit([(model, 0.5, wet) for model, _, wet in hours])
    assert weights.source == pytest.approx(0, abs=1e-6)
    assert weights.model == pytest.approx(alone.model, abs=0.01)
    assert weights.model < 0.9 * contrary.model


@pytest.mark.parametrize(
    "hours",
    [
        pytest.param([(0.9, 0.9, True), (0.1, 0.1, False)] * 500, id="told apart perfectly"),
        pytest.param([(0.3, 0.3, False)] * 1000, id="always dry"),
        pytest.param([(0.3, 0.3, True)] * 1000, id="always wet"),
        pytest.param([(1.0, 0.0, True), (0.0, 1.0, False)] * 1000, id="certain and contrary"),
    ],
)
def test_hopeless_cases_still_have_a_sober_answer(hours):
    weights = fit(hours)

    assert -6 < weights.intercept < 6
    assert 0 <= weights.model < 6
    assert 0 <= weights.source < 6


CELLS = st.lists(
    st.builds(
        lambda model, source, cases, share: Cell(model, source, cases, cases * share),
        st.floats(-5.3, 5.3),
        st.floats(-5.3, 5.3),
        st.floats(0, 1e5),
        st.floats(0, 1),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=40)
@given(CELLS, st.sampled_from(BANDS))
def test_any_history_gives_finite_weights_that_are_not_negative(cells, band):
    weights = fit_weights(cells, band.default)

    assert abs(weights.intercept) < 100
    assert 0 <= weights.model < 100
    assert 0 <= weights.source < 100


@settings(deadline=None, max_examples=40)
@given(CELLS, st.randoms(use_true_random=False))
def test_the_order_of_the_cases_does_not_matter(cells, shuffler):
    mixed = list(cells)
    shuffler.shuffle(mixed)

    assert fit_weights(mixed, DEFAULT) == fit_weights(cells, DEFAULT)


def test_solving_undoes_multiplying():
    matrix = [[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 2.0]]
    vector = [sum(a * x for a, x in zip(row, (1, -2, 3), strict=True)) for row in matrix]

    assert solve(matrix, vector) == pytest.approx((1, -2, 3))
