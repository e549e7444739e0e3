"""How long answers take, and what follows."""

from datetime import timedelta

import pytest

from tests.factories import NOON, make_place, make_prediction
from weatherapp.forecasting.asking.service_times import (
    MEASURED,
    estimate_wait_s,
    find_percentile,
    measure_service_times_s,
    read_finishes,
    suggest_predictors,
)
from weatherapp.models import PredictionRequest


def finishes(*seconds):
    """(sent, answered) in seconds after noon."""
    return [(NOON + timedelta(seconds=a), NOON + timedelta(seconds=b)) for a, b in seconds]


@pytest.mark.parametrize(
    ("predictors", "answers", "times_s"),
    [
        pytest.param(1, [(0, 2), (0, 4), (0, 7)], [2, 3], id="busy: since the answer before"),
        pytest.param(1, [(0, 2), (10, 11)], [1], id="idle: since it was sent"),
        pytest.param(1, [(0, 7), (0, 2), (0, 4)], [2, 3], id="in any order"),
        pytest.param(2, [(0, 2), (0, 3), (0, 4), (0, 6)], [2, 3], id="two predictors"),
        pytest.param(1, [(0, 2)], [], id="the first tells nothing"),
        pytest.param(1, [(0, 2), (3, 2.5)], [0], id="clocks that differ"),
        pytest.param(1, [], [], id="none"),
    ],
)
def test_a_predictor_was_taken_so_long(predictors, answers, times_s):
    assert measure_service_times_s(finishes(*answers), predictors=predictors) == times_s


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3, 1, 2], 0.5, 2),
        ([4, 1, 2, 3], 0.5, 2),
        (range(1, 101), 0.95, 95),
        ([7], 0.95, 7),
        ([7], 0.0, 7),
        ([], 0.5, None),
    ],
)
def test_percentiles_are_values_that_were_measured(values, share, expected):
    assert find_percentile(list(values), share) == expected


@pytest.mark.parametrize(
    ("position", "service_s", "predictors", "expected"),
    [
        pytest.param(1, 0.5, 1, 0.5, id="next"),
        pytest.param(10, 0.5, 1, 5.0, id="one predictor"),
        pytest.param(10, 0.5, 4, 1.5, id="four"),
        pytest.param(10, 0.5, 0, None, id="nobody works"),
        pytest.param(10, None, 1, None, id="nothing measured"),
    ],
)
def test_the_wait_is_estimated_from_what_was_measured(position, service_s, predictors, expected):
    assert estimate_wait_s(position, service_s=service_s, predictors=predictors) == expected


@pytest.mark.parametrize(
    ("arrivals_per_s", "waiting", "service_s", "expected"),
    [
        pytest.param(0, 0, 0.01, 1, id="never none"),
        pytest.param(0, 0, None, 1, id="nothing measured"),
        pytest.param(0, 6000, 0.01, 1, id="drained within a minute by one"),
        pytest.param(0, 6001, 0.01, 2, id="one more than that"),
        pytest.param(70, 0, 0.01, 1, id="busy, not too busy"),
        pytest.param(71, 0, 0.01, 2, id="too busy"),
        pytest.param(300, 12000, 0.01, 7, id="both"),
    ],
)
def test_so_many_predictors_fit_the_load(arrivals_per_s, waiting, service_s, expected):
    suggested = suggest_predictors(
        arrivals_per_s=arrivals_per_s, waiting=waiting, service_s=service_s
    )

    assert suggested == expected


@pytest.mark.django_db
def test_only_the_newest_answers_are_measured(django_assert_num_queries):
    place = make_place()
    for hour in range(3):
        make_prediction(place, window_end_at=NOON + timedelta(hours=hour))
    PredictionRequest.objects.update(sent_at=NOON)
    make_prediction(place, window_end_at=NOON - timedelta(hours=1))  # sent who knows when

    with django_assert_num_queries(1) as queries:
        measured = read_finishes()

    assert sorted(measured) == [(NOON, NOON + timedelta(hours=hour)) for hour in range(3)]
    assert f"LIMIT {MEASURED}" in queries[0]["sql"]
