"""Whose turn it is in the worker, while what comes in and what leaves both wait."""

from __future__ import annotations

import pytest

from weatheralert.priority import OTHERS_IN_A_ROW, OUTGOING, AnswersFirst

LETTERS = {"answers.people": "P", "answers": "A", "default": "D", OUTGOING: "O"}


def work_off(waiting: dict[str, int], turns: AnswersFirst | None = None) -> str:
    """The order of the work where so much waits from the start."""
    turns, order = turns or AnswersFirst(), ""
    turns.update(set(waiting))
    while any(waiting.values()):
        queue = next(name for name in turns.consume(len(waiting)) if waiting[name])
        waiting[queue] -= 1
        turns.rotate(queue)
        order += LETTERS[queue]
    return order


@pytest.mark.parametrize(
    ("waits", "order"),
    [
        pytest.param((1, 2, 2, 2), "PAADDOO", id="answers go first, what leaves last"),
        pytest.param((0, 0, 0, 2), "OO", id="alone"),
        pytest.param((0, 0, 3, 1), "DDDO", id="no answers"),
    ],
)
def test_work_is_done_in_this_order(waits, order):
    waiting = dict(zip(LETTERS, waits, strict=True))

    assert work_off(waiting) == order


def test_what_leaves_moves_on_under_a_constant_stream_of_other_work():
    order = work_off({"default": 3 * OTHERS_IN_A_ROW, OUTGOING: 2})

    assert [len(part) for part in order.split("O")] == [OTHERS_IN_A_ROW] * 3


def test_a_turn_that_was_not_needed_is_not_saved_up():
    turns = AnswersFirst(["default", OUTGOING])

    for _ in range(OTHERS_IN_A_ROW + 1):
        turns.rotate("default")

    assert turns.consume(2) == ["default", OUTGOING]


def test_a_process_that_takes_from_one_queue_only_is_left_alone():
    assert AnswersFirst([OUTGOING]).consume(1) == [OUTGOING]


def test_the_worker_takes_turns_like_this():
    from kombu.utils.scheduling import cycle_by_name

    from weatheralert.celery import app

    assert cycle_by_name(app.conf.broker_transport_options["queue_order_strategy"]) is AnswersFirst
