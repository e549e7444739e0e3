"""How far what is known can be trusted."""

from datetime import timedelta

import pytest

from tests.factories import NOON
from weatherapp.models import (
    Alert,
    AlertState,
    Prediction,
    PredictionRequest,
    RequestState,
    Rule,
    RuleState,
)
from weatherapp.pages import standing
from weatherapp.pages.standing import Problem

FRESH_FOR = timedelta(hours=3)


def prediction_of(age=timedelta(0)):
    return Prediction(window_end_at=NOON - age, answered_at=NOON - age)


def request_of(state, age=timedelta(0), expires_in=timedelta(hours=1)):
    return PredictionRequest(state=state, created_at=NOON - age, expires_at=NOON + expires_in)


def judge(prediction=None, request=None):
    return standing.judge_prediction(
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


@pytest.mark.parametrize(
    ("stored", "is_fresh", "shown"),
    [
        (RuleState.QUIET, True, RuleState.QUIET),
        (RuleState.RAISED, True, RuleState.RAISED),
        (RuleState.QUIET, False, RuleState.NO_DATA),
        (RuleState.RAISED, False, RuleState.NO_DATA),
        (RuleState.NEW, False, RuleState.NEW),
    ],
)
def test_rule_without_a_fresh_prediction_never_reads_as_no_alert(stored, is_fresh, shown):
    judged = judge(prediction_of(timedelta(0) if is_fresh else FRESH_FOR))
    rule = Rule(name="Rain soon", window_hours=6, threshold=0.6, margin=0.1, state=stored)

    assert standing.judge_rule(rule, judged).state == shown


@pytest.mark.parametrize(
    ("state", "age", "expected"),
    [
        (AlertState.ACTIVE, timedelta(hours=1), True),
        (AlertState.ACTIVE, FRESH_FOR, False),
        (AlertState.ACTIVE, timedelta(hours=-3), False),
        (AlertState.NO_DATA, timedelta(0), False),
    ],
)
def test_alert_is_confirmed_only_by_recent_data(state, age, expected):
    alert = Alert(state=state, confirmed_at=NOON - age)

    assert standing.is_confirmed(alert, place_now=NOON, fresh_for=FRESH_FOR) is expected
