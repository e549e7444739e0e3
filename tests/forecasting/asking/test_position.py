"""A request's place in the queue, from the rows."""

from datetime import timedelta

import pytest

from tests.factories import NOON, make_place, make_prediction, make_request
from tests.forecasting.asking.test_priority import answer_all
from weatherapp.forecasting.asking.dispatch import WINDOWS_A_MESSAGE
from weatherapp.forecasting.asking.waiting import Waiting, count_ahead, count_waiting, find_position
from weatherapp.models import RequestPriority, RequestState

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
PEOPLE, SCHEDULE = RequestPriority.PEOPLE, RequestPriority.SCHEDULE


@pytest.mark.parametrize("people", [1, 3, 4, 11])
@pytest.mark.parametrize("schedule", [0, 1, 8, 21])
def test_as_many_are_ahead_as_the_predictor_answers_before(people, schedule):
    together = WINDOWS_A_MESSAGE[SCHEDULE]
    order = answer_all(people, schedule, together=together)

    assert count_ahead(people - 1, schedule, is_people=True) == order.rindex("P")
    if schedule:
        first_of_last = (schedule - 1) // together * together
        ahead = [count_ahead(at, people, is_people=False) for at in range(first_of_last, schedule)]
        assert ahead == [index for index, one in enumerate(order) if one == "S"][first_of_last:]


def wait(place, *, hour, created_at=NOON, priority=PEOPLE, **fields):
    return make_request(
        place, window_end_at=NOON - hour * HOUR, created_at=created_at, priority=priority, **fields
    )


@pytest.mark.django_db
def test_people_wait_for_those_who_asked_before():
    place = make_place()
    first = wait(place, hour=0)
    second = wait(place, hour=1, created_at=NOON + SECOND)
    third = wait(place, hour=2, created_at=NOON + 2 * SECOND)
    wait(place, hour=3, priority=SCHEDULE, created_at=NOON - HOUR)
    wait(place, hour=4, state=RequestState.CANCELLED, created_at=NOON - HOUR)
    make_prediction(place, window_end_at=NOON - 5 * HOUR)

    assert [find_position(request) for request in (first, second, third)] == [1, 2, 3]


@pytest.mark.django_db
def test_the_schedule_waits_for_people():
    place = make_place()
    scheduled = wait(place, hour=0, priority=SCHEDULE)
    for hour in (1, 2):
        wait(place, hour=hour, created_at=NOON + hour * SECOND)

    assert find_position(scheduled) == 3


@pytest.mark.django_db
def test_what_waits_is_counted_by_priority():
    place = make_place()
    wait(place, hour=0)
    wait(place, hour=1, priority=SCHEDULE, created_at=NOON - 2 * HOUR)
    wait(place, hour=2, priority=SCHEDULE)
    wait(place, hour=3, state=RequestState.EXPIRED, created_at=NOON - 9 * HOUR)

    waiting = count_waiting()

    assert waiting == Waiting(people=1, schedule=2, oldest_at=NOON - 2 * HOUR)
    assert waiting.total == 3


@pytest.mark.django_db
def test_nothing_waits():
    assert count_waiting() == Waiting(people=0, schedule=0, oldest_at=None)
