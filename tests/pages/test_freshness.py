"""How far what is known can be trusted."""

from datetime import timedelta

import pytest

from tests.factories import NOON
from weatherapp.models import Prediction, PredictionRequest, RequestState
from weatherapp.pages import freshness
from weatherapp.pages.freshness import Problem

FRESH_FOR = timedelta(hours=3)


def prediction_of(age=timedelta(0)):
    return Prediction(window_end_at=NOON - age, answered_at=NOON - age)


def request_of(state, age=timedelta(0), expires_in=timedelta(hours=1)):
    return PredictionRequest(state=state, created_at=NOON - age, expires_at=NOON + expires_in)


def judge(prediction=None, request=None):
    return freshness.find_freshness(
        prediction, request, now=NOON, place_now=NOON, fresh_for=FRESH_FOR
    )


@pytest.mark.parametrize(
    ("prediction", "request_row", "is_fresh", "problem"),
    [
        pytest.param(None, None, False, Problem.NEVER_ASKED, id="nothing yet"),
        pytest.param(prediction_of(), None, True, Problem.NONE, id="just answered"),
        pytest.param(
            prediction_of(timedelta(hours=2, minutes=59)),
            None,
            True,
            Problem.NONE,
            id="still fresh",
        ),
        pytest.param(prediction_of(FRESH_FOR), None, False, Problem.STALE, id="too old"),
        pytest.param(
            prediction_of(timedelta(hours=-3)), None, False, Problem.STALE, id="from the future"
        ),
        pytest.param(
            None, request_of(RequestState.WAITING), False, Problem.WAITING, id="first asked"
        ),
        pytest.param(
            prediction_of(timedelta(hours=1)),
            request_of(RequestState.WAITING),
            True,
            Problem.WAITING,
            id="asked again",
        ),
        pytest.param(
            None,
            request_of(RequestState.WAITING, expires_in=timedelta(0)),
            False,
            Problem.UNANSWERED,
            id="overdue, though nobody has settled it",
        ),
        pytest.param(
            None, request_of(RequestState.EXPIRED), False, Problem.UNANSWERED, id="expired"
        ),
        pytest.param(
            prediction_of(timedelta(hours=1)),
            request_of(RequestState.REFUSED),
            True,
            Problem.REFUSED,
            id="refused, older one still good",
        ),
        pytest.param(
            prediction_of(),
            request_of(RequestState.REFUSED, age=timedelta(hours=2)),
            True,
            Problem.NONE,
            id="refused, but answered since",
        ),
    ],
)
def test_prediction(prediction, request_row, is_fresh, problem):
    judged = judge(prediction, request_row)

    assert (judged.is_fresh, judged.problem) == (is_fresh, problem)
