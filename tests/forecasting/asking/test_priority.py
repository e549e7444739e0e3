"""Who is answered next, while people and the schedule both wait."""

import pytest

from predictor.contract import PEOPLE_IN_A_ROW, PEOPLE_QUEUE, SCHEDULE_QUEUE
from predictor.priority import PeopleFirst


def answer_all(people, schedule, *, together=1):
    """The order of answers, as P and S, where so many wait from the start; the schedule's `together`
    in a message.
    """
    waiting = {PEOPLE_QUEUE: people, SCHEDULE_QUEUE: schedule}
    turns, order = PeopleFirst(), ""
    turns.update({SCHEDULE_QUEUE, PEOPLE_QUEUE})
    while any(waiting.values()):
        queue = next(queue for queue in turns.consume(2) if waiting[queue])
        count = 1 if queue == PEOPLE_QUEUE else min(together, waiting[queue])
        waiting[queue] -= count
        turns.rotate(queue)
        order += ("P" if queue == PEOPLE_QUEUE else "S") * count
    return order


@pytest.mark.parametrize(
    ("people", "schedule", "order"),
    [
        pytest.param(2, 2, "PPSS", id="people first"),
        pytest.param(7, 9, "PPPSPPPSPSSSSSSS", id="every fourth turn is the schedule's"),
        pytest.param(5, 0, "PPPPP", id="people alone"),
        pytest.param(0, 3, "SSS", id="schedule alone"),
        pytest.param(4, 1, "PPPSP", id="one of the schedule"),
    ],
)
def test_answers_come_in_this_order(people, schedule, order):
    assert answer_all(people, schedule) == order


def test_a_turn_that_the_schedule_did_not_need_is_not_saved_up():
    turns = PeopleFirst((PEOPLE_QUEUE, SCHEDULE_QUEUE))

    for _ in range(PEOPLE_IN_A_ROW + 1):
        turns.rotate(PEOPLE_QUEUE)

    assert turns.consume(2) == [PEOPLE_QUEUE, SCHEDULE_QUEUE]


def test_a_process_that_takes_from_one_queue_only_is_left_alone():
    turns = PeopleFirst([SCHEDULE_QUEUE])

    assert turns.consume(1) == [SCHEDULE_QUEUE]


def test_the_predictor_takes_turns_like_this():
    from kombu.utils.scheduling import cycle_by_name

    from predictor.worker import app

    assert cycle_by_name(app.conf.broker_transport_options["queue_order_strategy"]) is PeopleFirst
