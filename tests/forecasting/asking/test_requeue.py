"""What the broker lost is sent again; what it still has is not doubled."""

from __future__ import annotations

import json
from base64 import b64decode
from contextlib import contextmanager
from datetime import timedelta

import pytest
import redis
from weatherapp.forecasting.asking.requeue import SENDING_TAKES, requeue_lost

from predictor.contract import PEOPLE_QUEUE, SCHEDULE_QUEUE, TASK_NAME
from predictor.worker import app as predictor
from tests.factories import NOON, make_answer, make_place, make_readings, make_request
from weatheralert.celery import app as site
from weatherapp.forecasting.asking import broker_queues, requests, tickets
from weatherapp.models import PredictionRequest, RequestState

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + SENDING_TAKES


def make_ready(name):
    place = make_place(name=name)
    make_readings(place)
    return place


def read_body(message):
    return json.loads(b64decode(message["body"]))


def lengths(broker):
    return {queue: broker.llen(queue) for queue in (PEOPLE_QUEUE, SCHEDULE_QUEUE)}


@contextmanager
def taken_by(app, queue):
    """A message in the hands of a process of `app`, which does not acknowledge it."""
    with app.connection_for_read() as connection:
        simple = connection.SimpleQueue(queue)
        yield simple.get(timeout=5)
        connection.default_channel.qos._delivered.clear()  # a killed process gives nothing back
        simple.close()


def test_everything_comes_back_after_redis_lost_all_in_its_own_queue(broker):
    tickets.ask(make_ready("Dublin"), now=NOON)
    for name in ("Cork", "Galway"):
        requests.request_prediction(make_ready(name), now=NOON)
    broker.flushall()

    assert requeue_lost(now=LATER) == 3

    assert lengths(broker) == {PEOPLE_QUEUE: 1, SCHEDULE_QUEUE: 2}
    assert set(PredictionRequest.objects.values_list("sent_at", flat=True)) == {LATER}


def test_a_message_that_was_put_back_is_like_the_first(broker):
    tickets.ask(make_ready("Dublin"), now=NOON)
    (first,) = map(json.loads, broker.lrange(PEOPLE_QUEUE, 0, -1))
    broker.flushall()

    requeue_lost(now=LATER)

    (second,) = map(json.loads, broker.lrange(PEOPLE_QUEUE, 0, -1))
    assert second["headers"]["id"] == first["headers"]["id"]
    assert second["headers"]["task"] == TASK_NAME
    assert read_body(second) == read_body(first)


def test_what_still_waits_is_not_doubled(broker):
    tickets.ask(make_ready("Dublin"), now=NOON)
    requests.request_prediction(make_ready("Cork"), now=NOON)

    assert requeue_lost(now=LATER) == 0
    assert lengths(broker) == {PEOPLE_QUEUE: 1, SCHEDULE_QUEUE: 1}


@pytest.mark.parametrize("chunk", [1, 2, 7])
def test_only_what_is_lost_is_sent_also_in_long_queues(broker, monkeypatch, chunk):
    monkeypatch.setattr(broker_queues, "CHUNK", chunk)
    asked = [
        requests.request_prediction(make_ready(f"Place {number}"), now=NOON) for number in range(7)
    ]
    lost = broker.lindex(SCHEDULE_QUEUE, 3)
    broker.lrem(SCHEDULE_QUEUE, 1, lost)

    assert requeue_lost(now=LATER) == 1

    ids = {json.loads(raw)["headers"]["id"] for raw in broker.lrange(SCHEDULE_QUEUE, 0, -1)}
    assert ids == {str(request.pk) for request in asked}


def test_what_a_predictor_holds_is_not_doubled(broker):
    requests.request_prediction(make_ready("Dublin"), now=NOON)

    with taken_by(predictor, SCHEDULE_QUEUE):
        assert requeue_lost(now=LATER) == 0
        assert lengths(broker) == {PEOPLE_QUEUE: 0, SCHEDULE_QUEUE: 0}


def send_answer(request, queue):
    """As the predictor does: a callback, whose parent is the request."""
    site.signature(
        requests.ANSWER_TASK,
        args=(make_answer(),),
        kwargs={"request_id": str(request.pk)},
        queue=queue,
    ).apply_async(parent_id=str(request.pk), root_id=str(request.pk))


@pytest.mark.parametrize("queue", requests.ANSWER_QUEUES.values())
def test_what_is_answered_but_not_stored_yet_is_not_asked_again(broker, queue):
    request = requests.request_prediction(make_ready("Dublin"), now=NOON)
    broker.delete(SCHEDULE_QUEUE)
    send_answer(request, queue)

    assert requeue_lost(now=LATER) == 0

    with taken_by(site, queue):
        assert broker.llen(queue) == 0
        assert requeue_lost(now=LATER) == 0


def test_what_was_stored_but_never_sent_is_sent(broker):
    lost = make_request(make_place(), window={"stored": "window"})

    requeue_lost(now=LATER)

    (message,) = map(json.loads, broker.lrange(SCHEDULE_QUEUE, 0, -1))
    assert message["headers"]["id"] == str(lost.pk)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"created_at": NOON + timedelta(seconds=1)}, id="perhaps on its way"),
        pytest.param({"sent_at": NOON + timedelta(seconds=1)}, id="just sent"),
        pytest.param({"expires_at": LATER}, id="ran out"),
        pytest.param({"state": RequestState.ANSWERED}, id="answered"),
        pytest.param({"state": RequestState.CANCELLED}, id="cancelled"),
    ],
)
def test_what_nobody_needs_is_not_sent(broker, fields):
    make_request(make_place(), **fields)

    assert requeue_lost(now=LATER) == 0
    assert lengths(broker) == {PEOPLE_QUEUE: 0, SCHEDULE_QUEUE: 0}


def test_a_tick_that_runs_twice_sends_once(broker, monkeypatch):
    request = make_request(make_place(), sent_at=NOON)
    meanwhile = iter([None, lambda: PredictionRequest.objects.update(sent_at=LATER)])
    known = broker_queues.iterate_known_ids

    def look(client):
        yield from known(client)
        if other_tick := next(meanwhile):
            other_tick()

    monkeypatch.setattr(broker_queues, "iterate_known_ids", look)

    assert requeue_lost(now=LATER) == 0
    assert lengths(broker)[SCHEDULE_QUEUE] == 0
    assert PredictionRequest.objects.get().pk == request.pk


def test_a_message_that_is_between_two_hands_at_the_first_look_is_left_alone(broker, monkeypatch):
    request = requests.request_prediction(make_ready("Dublin"), now=NOON)
    looks = iter([[], [str(request.pk)]])
    monkeypatch.setattr(broker_queues, "iterate_known_ids", lambda client: next(looks))

    assert requeue_lost(now=LATER) == 0


def test_a_broker_that_is_down_is_no_loss(broker, redis_is_down):
    make_request(make_place(), sent_at=NOON)

    with pytest.raises(redis.ConnectionError):
        requeue_lost(now=LATER)

    assert PredictionRequest.objects.get().sent_at == NOON
