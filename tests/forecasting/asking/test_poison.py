"""Queues that hold what is no message: the site finds its own among it."""

from __future__ import annotations

import json

import pytest
from weatherapp.forecasting.asking.requeue import SENDING_TAKES, requeue_lost

from predictor.contract import PEOPLE_QUEUE, SCHEDULE_QUEUE, UNACKED_KEY
from tests.dyno.messages import NO_MESSAGES, Task
from tests.factories import NOON, make_place, make_readings
from weatherapp.forecasting.asking import broker_queues, requests
from weatherapp.forecasting.asking.queue_status import read_broker, read_status

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + SENDING_TAKES
TASK = Task("rain.fall", SCHEDULE_QUEUE, {})


@pytest.fixture
def poisoned_broker(broker):
    """Every kind, in every place that is looked into."""
    kinds = [entry.values[0](TASK) for entry in NO_MESSAGES]
    for queue in (PEOPLE_QUEUE, SCHEDULE_QUEUE, "answers.people", "default"):
        broker.rpush(queue, *kinds)
    for key in (UNACKED_KEY, "unacked"):
        held = [b"5", b"\xff", b"[]", b"[5]", *(b"[%b]" % kind for kind in kinds)]
        broker.hset(key, mapping={f"{index}": value for index, value in enumerate(held)})
        broker.zadd(f"{key}_index", {f"{index}": 1.0 for index in range(len(held))})
    return broker


def test_what_is_lost_is_sent_again_and_what_is_there_is_not(poisoned_broker):
    for name in ("Dublin", "Cork"):
        place = make_place(name=name)
        make_readings(place)
        requests.request_prediction(place, now=NOON)
    lost = poisoned_broker.lpop(SCHEDULE_QUEUE)
    lost_id = json.loads(lost)["headers"]["id"]

    assert requeue_lost(now=LATER) == 1

    again = json.loads(poisoned_broker.lindex(SCHEDULE_QUEUE, 0))
    assert again["headers"]["id"] == lost_id


def test_a_message_is_taken_out_from_among_them(poisoned_broker):
    place = make_place()
    make_readings(place)
    request = requests.request_prediction(place, now=NOON)
    before = poisoned_broker.llen(SCHEDULE_QUEUE)

    assert broker_queues.take_out(SCHEDULE_QUEUE, request.pk)
    assert not broker_queues.take_out(SCHEDULE_QUEUE, request.pk)

    assert poisoned_broker.llen(SCHEDULE_QUEUE) == before - 1


@pytest.mark.usefixtures("poisoned_broker")
def test_the_queue_page_shows_no_work_where_there_is_none():
    broker = read_broker()

    assert broker is not None
    assert read_status(now=NOON).to_json()["waiting"] == {"people": 0, "schedule": 0}
    assert read_status(now=NOON).current_job is None
