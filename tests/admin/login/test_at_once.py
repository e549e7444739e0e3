"""Tries to log in that come at the same moment."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event, Thread, Timer

import pytest
from django.test import Client

from tests.admin.login.trying import RIGHT, try_once
from tests.together import do_at_once
from weatherapp.admin.login import gate
from weatherapp.models.budget import Budget


@contextmanager
def hash_under_way():
    """A password of somebody else is being looked at until the event that it gives is set."""
    begun, done = Event(), Event()

    def hold():
        with gate._hashing:
            begun.set()
            done.wait(60)

    thread = Thread(target=hold)
    thread.start()
    assert begun.wait(60)
    try:
        yield done
    finally:
        done.set()
        thread.join()


def test_while_one_password_is_looked_at_others_are_told_at_once_to_wait(caplog):
    with hash_under_way():
        answer = try_once(password=RIGHT)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "3"
    assert "one at a time" in answer.content.decode()
    assert Budget.objects.count() == 0  # it cost no try
    assert "another one is being looked at" in caplog.text
    assert try_once(password=RIGHT).status_code == 302


def test_a_known_browser_waits_for_its_turn(monkeypatch):
    monkeypatch.setattr(gate, "KNOWN_PATIENCE_S", 60)
    home = Client()
    try_once(home, RIGHT)
    home.post("/admin/logout/")

    with hash_under_way() as done:
        assert try_once(password=RIGHT).status_code == 503
        Timer(0.1, done.set).start()
        assert try_once(home, RIGHT).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_counted_one_by_one():
    jobs = [lambda: try_once(address="192.0.2.1").status_code for _ in range(8)]
    statuses = [status for _ in range(6) for status in do_at_once(*jobs)]

    assert statuses.count(200) <= gate.CLIENT.burst
    assert set(statuses) <= {200, 429, 503}
    assert Budget.objects.get(limit=gate.CLIENT.name).tokens == gate.CLIENT.burst - statuses.count(
        200
    )
