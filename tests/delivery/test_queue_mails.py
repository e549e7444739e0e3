"""Runs of mails on a real broker: many ask, one waits."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from kombu.exceptions import OperationalError

from tests.delivery.mail_server import HANG_UP, MailServer
from tests.delivery.sending import owe
from tests.factories import NOON
from weatheralert.priority import OUTGOING
from weatherapp import tasks
from weatherapp.delivery import breaker
from weatherapp.models import Delivery, OutgoingServer

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(monkeypatch):
    """The tasks' clock, which a test may set."""

    class Clock:
        at = NOON

    monkeypatch.setattr(tasks.timezone, "now", lambda: Clock.at)
    return Clock


@pytest.fixture
def mail_server(settings):
    with MailServer() as server:
        server.be_used_by(settings)
        yield server


@pytest.fixture(autouse=True)
def _set_up(mail_server, clock):
    """For every test."""


def queued(broker) -> list[str]:
    """Task names on the queue of what leaves."""
    messages = map(json.loads, broker.lrange(OUTGOING, 0, -1))
    return [message["headers"]["task"].rpartition(".")[2] for message in messages]


def test_however_many_ask_one_run_is_queued(broker):
    owe(3)

    for _ in range(50):
        tasks.queue_mails()

    assert queued(broker) == ["send_mails"]


def test_who_asks_while_a_run_sends_gets_another(broker, mail_server):
    owe(1)
    tasks.queue_mails()
    broker.flushall()

    tasks.send_mails()
    tasks.queue_mails()

    assert len(mail_server.mails) == 1
    assert queued(broker) == ["send_mails"]


def test_run_that_leaves_something_due_queues_one_other_behind_the_rest(broker, settings):
    settings.MAILS_IN_A_ROW = 2
    owe(5)

    tasks.send_mails()
    tasks.send_mails()

    assert Delivery.objects.filter(state="SENT").count() == 4
    assert queued(broker) == ["send_mails", "send_mails"]

    broker.flushall()
    tasks.send_mails()

    assert queued(broker) == []


def test_run_that_the_broker_forgot_keeps_nobody_waiting_for_long(broker, clock):
    owe(1)
    tasks.queue_mails()
    broker.flushall()

    tasks.queue_mails()
    early = queued(broker)
    clock.at = NOON + breaker.RUN_LEASE
    tasks.queue_mails()

    assert (early, queued(broker)) == ([], ["send_mails"])


def test_nothing_is_queued_while_the_server_is_left_alone(broker, mail_server, clock):
    owe(2)
    mail_server.answers["GREETING"] = iter([HANG_UP])
    tasks.send_mails()

    tasks.queue_mails()
    resting = queued(broker)
    clock.at = NOON + MINUTE
    tasks.queue_mails()

    assert (resting, queued(broker)) == ([], ["send_mails"])


@pytest.mark.usefixtures("redis_is_down")
def test_broker_that_is_down_loses_no_mail(mail_server):
    owe(1)

    with pytest.raises(OperationalError):
        tasks.queue_mails()
    tasks.send_mails()

    assert len(mail_server.mails) == 1
    assert OutgoingServer.objects.get().run_queued_until is None
