"""What is a message, by its form."""

from __future__ import annotations

import json

import pytest
import redis
from celery import Celery

from dyno.broker import configure
from dyno.envelope import find_fault, find_unacked_fault
from tests.dyno.messages import NO_MESSAGES, NO_WORK, Task, good

SAY = Task("echo.say", "echo", {"word": "rain"})


@pytest.mark.parametrize("make", NO_MESSAGES)
def test_what_is_no_message_has_a_fault_in_few_words(make):
    fault = find_fault(make(SAY))

    assert fault is not None
    assert fault.isprintable()
    assert len(fault) < 100


@pytest.mark.parametrize("make", NO_WORK)
def test_a_message_of_good_form_is_left_to_celery(make):
    assert find_fault(make(SAY)) is None


def test_what_celery_writes_is_a_message(redis_server, redis_url):
    app = configure(Celery("asker", fixups=[], set_as_current=False))
    callback = app.signature("echo.hear", queue="echo")
    app.send_task("echo.say", ["rain"], queue="unread", link=callback, expires=60, countdown=5)
    app.close()
    with redis.Redis(port=redis_server.port) as client:
        (raw,) = client.lrange("unread", 0, -1)

    assert find_fault(raw) is None
    assert find_unacked_fault(json.dumps([json.loads(raw), "", "unread"]).encode()) is None


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"5", id="a number"),
        pytest.param(b"[5, 6, 7]", id="numbers"),
        pytest.param(b"\xff", id="no text"),
        pytest.param(json.dumps([json.loads(good(SAY)), "", 5]).encode(), id="from nowhere"),
        pytest.param(json.dumps([json.loads(good(SAY))]).encode(), id="alone"),
    ],
)
def test_what_is_held_as_nobody_holds_it_has_a_fault(raw):
    assert find_unacked_fault(raw) is not None
