"""What /health reads off the tables, and how it judges it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_place, make_prediction, make_request
from weatherapp.models import Place, RequestState
from weatherapp.operations import health

MINUTE = timedelta(minutes=1)


@pytest.fixture
def place(db) -> Place:
    return make_place()


def ask(place: Place, *, minutes_ago: float, **fields) -> None:
    now = timezone.now()
    created_at = now - minutes_ago * MINUTE
    times = {"created_at": created_at, "expires_at": created_at + 60 * MINUTE}
    make_request(place, window_end_at=created_at, **(times | fields))


def answer(place: Place, *, minutes_ago: float) -> None:
    answered_at = timezone.now() - minutes_ago * MINUTE
    make_prediction(place, window_end_at=answered_at, answered_at=answered_at)


def read_work() -> health.Work:
    return health.read_work(timezone.now())


def test_answers_and_waiting_requests_are_counted(place):
    answer(place, minutes_ago=20)
    answer(place, minutes_ago=10)
    ask(place, minutes_ago=2)

    work = read_work()

    assert work.last_answer_age_s == pytest.approx(600, abs=30)
    assert work.waiting == 1
    assert not work.is_prediction_missing


@pytest.mark.parametrize(
    ("state", "minutes_ago", "is_missing"),
    [
        pytest.param(RequestState.WAITING, 4, False, id="asked a moment ago"),
        pytest.param(RequestState.WAITING, 6, True, id="asked a while ago"),
        pytest.param(RequestState.EXPIRED, 90, True, id="not answered in time"),
        pytest.param(RequestState.REFUSED, 6, True, id="refused"),
        pytest.param(RequestState.EXPIRED, 600, False, id="long forgotten"),
    ],
)
def test_prediction_is_missing_when_nothing_was_answered_since(
    place, state, minutes_ago, is_missing
):
    answer(place, minutes_ago=700)
    ask(place, minutes_ago=minutes_ago, state=state)

    assert read_work().is_prediction_missing is is_missing


def test_predictor_that_answers_others_is_at_work(place):
    ask(place, minutes_ago=30)
    answer(make_place(name="Cork"), minutes_ago=1)

    assert not read_work().is_prediction_missing


def test_questions_to_the_tables_are_few(place, django_assert_max_num_queries):
    ask(place, minutes_ago=30)

    with django_assert_max_num_queries(4):
        work = read_work()

    assert work.is_prediction_missing


@pytest.mark.parametrize(
    ("changes", "said", "status"),
    [
        pytest.param({}, {}, "ok", id="all well"),
        pytest.param({"waiting": 9}, {}, "ok", id="work to do"),
        pytest.param({"is_prediction_missing": True}, {}, "degraded", id="no predictor"),
        pytest.param({"failed_places": 1}, {}, "degraded", id="fetch fails"),
        pytest.param({}, {"is_within_limit": False}, "degraded", id="memory"),
        pytest.param({}, {"are_processes_well": False}, "degraded", id="a process"),
        pytest.param({}, {"is_redis_up": False}, "down", id="no redis"),
        pytest.param(None, {}, "down", id="no database"),
    ],
)
def test_status(changes, said, status):
    well = {
        "last_answer_age_s": 5.0,
        "waiting": 0,
        "is_prediction_missing": False,
        "failed_places": 0,
    }
    work = None if changes is None else health.Work(**(well | changes))

    well_said = {"is_redis_up": True, "is_within_limit": True, "are_processes_well": True}
    assert health.judge(work, **(well_said | said)) == status
