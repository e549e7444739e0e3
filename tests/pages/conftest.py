"""Every page is looked at when it is NOON."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.factories import NOON
from weatherapp import tasks
from weatherapp.forecasting.asking import dispatch, queue_status
from weatherapp.forecasting.asking.queue_status import Broker


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Stops the clock that views read; `clock(moment)` sets it."""

    def stop_at(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    stop_at(NOON)
    return stop_at


@pytest.fixture
def redis(monkeypatch):
    """What Redis says, first: one predictor, nothing queued. `redis(None)`: it does not answer."""

    def say(broker):
        cache.clear()
        monkeypatch.setattr(queue_status, "read_broker", lambda: broker)

    monkeypatch.setattr(dispatch, "count_messages", lambda queue: 0)
    monkeypatch.setattr(dispatch.current_app, "send_task", lambda *args, **kwargs: None)
    say(Broker(predictors_alive=1))
    yield say
    cache.clear()


@pytest.fixture
def queued(monkeypatch):
    """What would have been put on the queue."""
    calls = []
    monkeypatch.setattr(tasks.send_mails, "delay", lambda: calls.append("send_mails"))
    return calls
