"""What waits is put on the queues: people's first, bounded, again where it was lost."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import timedelta

import pytest

from predictor import contract, messages
from predictor.contract import PEOPLE_QUEUE, SCHEDULE_QUEUE
from tests.factories import NOON, make_answer, make_place, make_readings, make_request
from tests.forecasting.asked import answer_message
from tests.together import do_at_once
from weatherapp import tasks
from weatherapp.forecasting.asking import dispatch, requests, tickets
from weatherapp.forecasting.asking.answers import record_answers
from weatherapp.models import PredictionRequest, RequestPriority, RequestState

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = dispatch.WINDOWS_A_MESSAGE[RequestPriority.SCHEDULE]
ROOM = SIZE * dispatch.MESSAGES_UNDER_WAY
LATER = NOON + dispatch.LOST_AFTER
SECOND = timedelta(seconds=1)


def make_ready(count, name="Place"):
    places = [make_place(name=f"{name} {number}") for number in range(count)]
    for place in places:
        make_readings(place)
    return places


def ask(count, *, now=NOON):
    requests.request_predictions(make_ready(count), now=now)


def read_messages(broker, queue):
    """Arguments of the tasks, the next one first."""
    raw = [json.loads(text) for text in reversed(broker.lrange(queue, 0, -1))]
    return [json.loads(b64decode(message["body"])) for message in raw]


def read_ids(broker, queue):
    return [
        [question["request_id"] for question in kwargs["questions"]]
        for _, kwargs, _ in read_messages(broker, queue)
    ]


def lengths(broker):
    return {queue: broker.llen(queue) for queue in (PEOPLE_QUEUE, SCHEDULE_QUEUE)}


def test_a_message_is_what_the_contract_says(broker):
    ask(1)

    dispatch.top_up(now=NOON)

    ((_, message, embedded),) = read_messages(broker, SCHEDULE_QUEUE)
    (question,) = messages.parse_questions(message["questions"])
    window = contract.parse_window(message["schema_version"], question.window)
    (callback,) = embedded["callbacks"]
    request = PredictionRequest.objects.get()
    assert question.request_id == str(request.pk)
    assert (window.window_end_at, window.hours[0][0]) == (NOON, 12.0)
    assert (request.window, request.sent_at) == (question.window, NOON)
    assert callback["task"] == "weatherapp.tasks.record_predictions"
    assert callback["options"]["queue"] == "answers"


def test_the_schedules_windows_go_together_and_no_more_than_a_predictor_needs(broker):
    ask(ROOM + 3)

    dispatch.top_up(now=NOON)
    dispatch.top_up(now=NOON)

    sizes = [len(ids) for ids in read_ids(broker, SCHEDULE_QUEUE)]
    assert sizes == [SIZE] * dispatch.MESSAGES_UNDER_WAY
    assert PredictionRequest.objects.filter(sent_at=None).count() == 3


def test_answers_make_room_for_what_waits(broker):
    ask(ROOM + 3)
    dispatch.top_up(now=NOON)
    first = read_ids(broker, SCHEDULE_QUEUE)[0]
    broker.rpop(SCHEDULE_QUEUE)

    record_answers(answer_message(**{key: make_answer() for key in first}), now=NOON)
    dispatch.top_up(now=NOON)

    assert [len(ids) for ids in read_ids(broker, SCHEDULE_QUEUE)][-1] == 3
    assert not PredictionRequest.objects.filter(sent_at=None).exists()


def test_a_persons_window_goes_alone_and_at_once_whatever_the_schedule_wants(broker):
    ask(ROOM + 3)
    dispatch.top_up(now=NOON)
    (place,) = make_ready(1, "Dublin")

    ticket = tickets.ask(place, now=NOON + SECOND)

    assert read_ids(broker, PEOPLE_QUEUE) == [[str(ticket.request_id)]]


def test_what_redis_lost_is_sent_again_and_is_like_the_first(broker):
    ask(3)
    dispatch.top_up(now=NOON)
    first = read_messages(broker, SCHEDULE_QUEUE)[0][1]
    broker.flushall()

    dispatch.top_up(now=LATER - SECOND)
    assert lengths(broker)[SCHEDULE_QUEUE] == 0
    dispatch.top_up(now=LATER)

    assert read_messages(broker, SCHEDULE_QUEUE)[0][1] == first
    assert set(PredictionRequest.objects.values_list("sent_at", flat=True)) == {LATER}


def test_the_queue_of_a_dead_predictor_does_not_grow(broker):
    ask(ROOM + 3)
    (place,) = make_ready(1, "Dublin")
    tickets.ask(place, now=NOON)

    for minute in range(0, 60, 3):
        dispatch.top_up(now=NOON + timedelta(minutes=minute))

    assert lengths(broker) == {
        PEOPLE_QUEUE: dispatch.MESSAGES_UNDER_WAY,
        SCHEDULE_QUEUE: dispatch.MESSAGES_UNDER_WAY,
    }


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"sent_at": NOON + SECOND}, id="under way"),
        pytest.param({"expires_at": LATER}, id="ran out"),
        pytest.param({"state": RequestState.ANSWERED}, id="answered"),
        pytest.param({"state": RequestState.CANCELLED}, id="cancelled"),
    ],
)
def test_what_nobody_needs_is_not_sent(broker, fields):
    make_request(make_ready(1)[0], **fields)

    dispatch.top_up(now=LATER)

    assert lengths(broker) == {PEOPLE_QUEUE: 0, SCHEDULE_QUEUE: 0}


def test_what_cannot_be_asked_is_refused_and_the_others_are_sent(broker):
    bad, good = make_ready(2)
    bad.readings.update(temperature_c=288.0)
    requests.request_predictions([bad, good], now=NOON)

    dispatch.top_up(now=NOON)

    refused = PredictionRequest.objects.get(place=bad)
    assert (refused.state, refused.error) == (RequestState.REFUSED, "ContractError")
    assert "temperature_c" in refused.error_message
    assert read_ids(broker, SCHEDULE_QUEUE) == [[str(good.prediction_requests.get().pk)]]


def test_two_who_send_at_once_send_each_window_once(broker):
    ask(ROOM)

    do_at_once(lambda: dispatch.top_up(now=NOON), lambda: dispatch.top_up(now=NOON))

    sent = [key for ids in read_ids(broker, SCHEDULE_QUEUE) for key in ids]
    assert sorted(sent) == sorted(set(sent))
    assert len(sent) == ROOM


def test_a_broker_that_is_down_is_no_loss(broker, redis_is_down, caplog):
    ask(2)

    dispatch.top_up(now=NOON)

    assert set(PredictionRequest.objects.values_list("state", "sent_at")) == {("WAITING", None)}
    assert "not on the queue yet" in caplog.text


def test_nothing_to_send_costs_two_queries(broker, django_assert_num_queries):
    with django_assert_num_queries(2):
        dispatch.top_up(now=NOON)

    assert lengths(broker) == {PEOPLE_QUEUE: 0, SCHEDULE_QUEUE: 0}


def test_the_worker_tops_up_after_each_answer(broker, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    ask(ROOM + 1)
    dispatch.top_up(now=NOON)
    first = read_ids(broker, SCHEDULE_QUEUE)[0]
    broker.rpop(SCHEDULE_QUEUE)

    tasks.record_predictions(answer_message(**{key: make_answer() for key in first}))

    assert len(read_ids(broker, SCHEDULE_QUEUE)[-1]) == 1
