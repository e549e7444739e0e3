"""People ask, share, cancel; with a real broker underneath."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import timedelta

import pytest

from predictor.contract import PEOPLE_QUEUE, SCHEDULE_QUEUE
from tests.factories import NOON, make_answer, make_place, make_prediction, make_readings
from tests.forecasting.asked import ask_predictor, record_answer
from weatherapp import tasks
from weatherapp.forecasting.asking import tickets
from weatherapp.models import (
    Prediction,
    PredictionRequest,
    RequestOrigin,
    RequestPriority,
    RequestState,
    Ticket,
)

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


@pytest.fixture
def place():
    place = make_place()
    make_readings(place)
    return place


def queued(broker, queue):
    """Request ids of the messages, the next to be answered first."""
    bodies = [json.loads(b64decode(json.loads(raw)["body"])) for raw in broker.lrange(queue, 0, -1)]
    return [one["request_id"] for _, said, _ in reversed(bodies) for one in said["questions"]]


def schedule(place, *, at=NOON):
    return ask_predictor(place, now=at)


def test_a_persons_request_goes_to_the_peoples_queue(broker, place):
    ticket = tickets.ask(place, now=NOON)

    assert ticket.state == RequestState.WAITING
    assert queued(broker, PEOPLE_QUEUE) == [str(ticket.request_id)]
    assert queued(broker, SCHEDULE_QUEUE) == []
    assert ticket.request.origin == RequestOrigin.PERSON
    assert ticket.request.priority == RequestPriority.PEOPLE


def test_the_schedules_request_goes_to_the_schedules_queue(broker, place):
    request = schedule(place)

    assert queued(broker, SCHEDULE_QUEUE) == [str(request.pk)]
    assert queued(broker, PEOPLE_QUEUE) == []


def test_two_people_share_one_request_and_its_answer(broker, place):
    first = tickets.ask(place, now=NOON)
    second = tickets.ask(place, now=NOON + SECOND)

    record_answer(first.request_id, make_answer(), now=NOON + 2 * SECOND)

    assert first.pk != second.pk
    assert first.request_id == second.request_id
    assert len(queued(broker, PEOPLE_QUEUE)) == 1
    assert {row.state for row in Ticket.objects.all()} == {RequestState.ANSWERED}


def test_an_hour_that_is_answered_is_not_asked_again(broker, place):
    answered = make_prediction(place).request

    ticket = tickets.ask(place, now=NOON)

    assert ticket.request == answered
    assert ticket.state == RequestState.ANSWERED
    assert queued(broker, PEOPLE_QUEUE) == []


def test_what_waits_for_the_schedule_is_sent_for_the_person_at_once(broker, place):
    other = make_place(name="Cork")
    make_readings(other)
    left_alone = schedule(other)
    scheduled = schedule(place)

    ticket = tickets.ask(place, now=NOON + SECOND)

    scheduled.refresh_from_db()
    assert ticket.request == scheduled
    assert scheduled.priority == RequestPriority.PEOPLE
    assert scheduled.sent_at == NOON + SECOND
    assert queued(broker, PEOPLE_QUEUE) == [str(scheduled.pk)]
    # Under way for the schedule it stays: its answer is stored once.
    assert queued(broker, SCHEDULE_QUEUE) == [str(left_alone.pk), str(scheduled.pk)]


def test_what_ran_out_but_was_not_settled_yet_is_asked_anew(broker, place):
    old = schedule(place)
    PredictionRequest.objects.update(expires_at=NOON)

    ticket = tickets.ask(place, now=NOON)

    old.refresh_from_db()
    assert ticket.request != old
    assert old.state == RequestState.EXPIRED
    assert ticket.state == RequestState.WAITING


def test_what_is_cancelled_before_it_is_sent_is_never_sent(broker, place, redis_is_down):
    ticket = tickets.ask(place, now=NOON)

    tickets.cancel(ticket, now=NOON + SECOND)

    request = PredictionRequest.objects.get()
    assert (request.state, request.finished_at) == (RequestState.CANCELLED, NOON + SECOND)
    assert (ticket.state, request.sent_at) == (RequestState.CANCELLED, None)


def test_the_answer_to_a_cancelled_request_is_ignored(broker, place):
    ticket = tickets.ask(place, now=NOON)
    broker.delete(PEOPLE_QUEUE)  # a predictor has taken it
    tickets.cancel(ticket, now=NOON + SECOND)

    record_answer(ticket.request_id, make_answer(), now=NOON + 2 * SECOND)

    ticket.refresh_from_db()
    assert ticket.state == RequestState.CANCELLED
    assert not Prediction.objects.exists()


def test_after_a_cancellation_the_hour_may_be_asked_again(broker, place):
    first = tickets.ask(place, now=NOON)
    tickets.cancel(first, now=NOON)

    second = tickets.ask(place, now=NOON + SECOND)

    assert second.request_id != first.request_id
    assert queued(broker, PEOPLE_QUEUE)[-1] == str(second.request_id)


def test_who_cancels_takes_nothing_away_from_others(broker, place):
    leaves, stays = (tickets.ask(place, now=NOON) for _ in range(2))

    tickets.cancel(leaves, now=NOON)
    record_answer(stays.request_id, make_answer(), now=NOON)

    for ticket in (leaves, stays):
        ticket.refresh_from_db()
    assert leaves.state == RequestState.CANCELLED
    assert stays.state == RequestState.ANSWERED


def test_the_last_who_cancels_takes_it_away(broker, place):
    for ticket in [tickets.ask(place, now=NOON) for _ in range(2)]:
        tickets.cancel(ticket, now=NOON)

    assert PredictionRequest.objects.get().state == RequestState.CANCELLED


@pytest.mark.parametrize("is_schedule_first", [True, False])
def test_what_the_schedule_wants_too_is_not_cancelled_with_people(broker, place, is_schedule_first):
    if is_schedule_first:
        schedule(place)
    ticket = tickets.ask(place, now=NOON)
    if not is_schedule_first:
        schedule(place)

    tickets.cancel(ticket, now=NOON)

    assert ticket.state == RequestState.CANCELLED
    assert PredictionRequest.objects.get().state == RequestState.WAITING
    assert queued(broker, PEOPLE_QUEUE) == [str(ticket.request_id)]


def test_cancelling_twice_is_no_error(broker, place):
    ticket = tickets.ask(place, now=NOON)

    for seconds in (1, 2):
        tickets.cancel(ticket, now=NOON + seconds * SECOND)

    assert Ticket.objects.get().cancelled_at == NOON + SECOND


@pytest.mark.parametrize("state", [RequestState.ANSWERED, RequestState.EXPIRED])
def test_what_waits_no_longer_cannot_be_cancelled(broker, place, state):
    ticket = tickets.ask(place, now=NOON)
    PredictionRequest.objects.update(state=state)

    with pytest.raises(tickets.TooLateError):
        tickets.cancel(ticket, now=NOON)

    assert Ticket.objects.get().cancelled_at is None


def test_without_readings_the_ticket_says_why_nothing_was_asked(broker):
    ticket = tickets.ask(make_place(), now=NOON)

    assert ticket.state == RequestState.REFUSED
    assert "no readings" in ticket.request.error_message


def test_whoever_runs_the_site_asks_like_people_and_is_not_cancelled_by_them(
    broker, place, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    tasks.request_predictions(place_ids=[place.pk])

    tickets.cancel(tickets.ask(place, now=NOON), now=NOON)

    assert PredictionRequest.objects.get().state == RequestState.WAITING
    assert len(queued(broker, PEOPLE_QUEUE)) == 1


def test_asking_works_while_the_broker_is_down(place, broker, redis_is_down, caplog):
    ticket = tickets.ask(place, now=NOON)
    tickets.cancel(ticket, now=NOON)
    waiting = tickets.ask(place, now=NOON)

    assert ticket.state == RequestState.CANCELLED
    assert waiting.state == RequestState.WAITING
    assert PredictionRequest.objects.get(pk=waiting.request_id).sent_at is None
    assert "not on the queue yet" in caplog.text


def test_a_request_that_waits_for_a_broker_that_is_down_can_be_shared(place, broker, redis_is_down):
    scheduled = schedule(place)

    ticket = tickets.ask(place, now=NOON)

    scheduled.refresh_from_db()
    assert ticket.request == scheduled
    assert scheduled.priority == RequestPriority.PEOPLE


def test_tickets_are_forgotten_after_a_week_and_answers_are_not(place):
    request = make_prediction(place).request
    old = Ticket.objects.create(request=request, created_at=NOON - tickets.KEPT)
    kept = Ticket.objects.create(request=request, created_at=old.created_at + SECOND)

    tickets.forget_old(now=NOON)

    assert list(Ticket.objects.all()) == [kept]
    assert Prediction.objects.exists()
