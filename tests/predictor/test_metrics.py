"""Scores, checked against what can be worked out by hand or by scikit-learn."""

import numpy as np
import pytest

from predictor.training import metrics

HOURS = np.arange(2000)


def draw_cases(seed=1, n=2000):
    random = np.random.default_rng(seed)
    probability = random.random(n).round(2)
    return probability, (random.random(n) < probability).astype(float)


def test_a_perfect_forecast_scores_zero():
    outcome = np.array([0.0, 1.0, 1.0, 0.0])

    scores = metrics.score(outcome, outcome, HOURS[:4])

    assert (scores.brier, scores.auc, scores.ece) == (0.0, 1.0, 0.0)


def test_the_scores_agree_with_scikit_learn():
    learn = pytest.importorskip("sklearn.metrics")
    probability, outcome = draw_cases()

    scores = metrics.score(probability, outcome, HOURS)

    assert scores.brier == pytest.approx(learn.brier_score_loss(outcome, probability))
    assert scores.auc == pytest.approx(learn.roc_auc_score(outcome, probability))
    bounded = np.clip(probability, 1e-6, 1 - 1e-6)
    assert scores.log_loss == pytest.approx(learn.log_loss(outcome, bounded))


def test_calibration_error_is_the_gap_between_said_and_seen():
    said = np.full(100, 0.3)
    seen = np.array([1.0] * 50 + [0.0] * 50)

    assert metrics.compute_ece(said, seen) == pytest.approx(0.2)


def test_certainty_falls_into_the_last_bin():
    counts, _, _ = metrics.bin_reliability(np.array([1.0, 0.0]), np.array([1.0, 0.0]))

    assert (counts[0], counts[-1]) == (1.0, 1.0)


def test_a_certain_miss_costs_much_but_not_infinitely():
    assert np.isfinite(metrics.compute_log_loss(np.array([0.0]), np.array([1.0])))


def test_without_rain_there_is_no_roc_curve():
    assert metrics.compute_auc(np.array([0.1, 0.2]), np.zeros(2)) is None


def test_skill_is_none_where_the_reference_is_perfect():
    assert metrics.compute_skill(0.1, 0.0) is None
    assert metrics.compute_skill(0.1, 0.2) == pytest.approx(0.5)


def test_the_interval_holds_the_mean_and_widens_when_hours_stick_together():
    random = np.random.default_rng(3)
    errors = random.random(2000 // 10)
    sticky = np.repeat(errors, 10)

    low, high = metrics.resample_weeks(sticky, np.arange(2000))
    tight_low, tight_high = metrics.resample_weeks(sticky, np.arange(2000) * metrics.HOURS_PER_WEEK)

    assert low < sticky.mean() < high
    assert high - low > tight_high - tight_low


def test_what_chance_does_to_calibration_shrinks_with_the_number_of_weeks():
    random = np.random.default_rng(1)

    def measure(weeks):
        hours = np.arange(weeks * metrics.HOURS_PER_WEEK)
        said = np.repeat(random.uniform(0.1, 0.9, size=weeks * 7), 24)
        seen = np.repeat(random.random(weeks * 7) < said[::24], 24).astype(float)  # whole days
        return metrics.score(said, seen, hours)

    few, many = measure(weeks=10), measure(weeks=400)

    assert few.ece == pytest.approx(few.ece_by_chance, rel=0.3)  # the forecast is perfect
    assert many.ece == pytest.approx(many.ece_by_chance, rel=0.3)
    assert few.ece_by_chance > 4.0 * many.ece_by_chance
    assert min(few.ece_p_value, many.ece_p_value) > 0.05


def test_a_steady_bias_is_more_than_chance():
    hours = np.arange(52 * metrics.HOURS_PER_WEEK)
    seen = (np.random.default_rng(2).random(len(hours)) < 0.3).astype(float)

    scores = metrics.score(np.full(len(hours), 0.5), seen, hours)

    assert scores.ece == pytest.approx(0.2, abs=0.02)
    assert scores.ece_by_chance < 0.5 * scores.ece
    assert scores.ece_p_value < 0.01
