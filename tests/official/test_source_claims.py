"""No source is asked twice at once, and a worker that is killed in a poll loses nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings as site_settings
from django.utils import timezone

from tests.factories import NOON
from tests.official.feeds import MINUTE, Taker, claim, poll, respond
from weatherapp import tasks, warning_tasks
from weatherapp.models import SourceState, WarningSource
from weatherapp.official import polling
from weatherapp.official.linked import Taken
from weatherapp.official.schedule import POLL_LEASE

pytestmark = pytest.mark.django_db


def test_two_claims_never_hold_one_source(feed):
    sources = [feed(key=f"xx-{number}") for number in range(3)]
    lease = {"now": NOON, "lease": 10 * MINUTE}

    first = WarningSource.objects.claim_due(limit=2, **lease)
    second = WarningSource.objects.claim_due(limit=2, **lease)

    assert sorted(first + second) == [source.pk for source in sources]
    assert WarningSource.objects.claim_due(limit=2, **lease) == []


def test_a_message_that_comes_twice_asks_once(feed, httpserver):
    respond(httpserver)
    source = feed()
    held_until = claim(source)
    polled = [polling.poll(source.pk, held_until, clock=lambda: NOON) for _ in range(2)]

    assert polled == [True, False]
    assert len(httpserver.log) == 1


def test_what_an_operator_moved_meanwhile_is_not_noted(feed, httpserver):
    respond(httpserver, headers={"ETag": '"1"'})
    source = feed()

    def move(source, body, now):
        rows = WarningSource.objects.filter(pk=source.pk)
        rows.update(own_address="https://new.example.org/", claimed_until=None)
        return Taken()

    source = poll(source, take=move)
    assert (source.etag, source.succeeded_at) == ("", None)


def test_one_that_is_not_on_can_be_tried_and_nothing_of_it_is_kept(feed, httpserver):
    respond(httpserver, headers={"ETag": '"1"'})
    taker = Taker()
    source = poll(feed(state=SourceState.SUGGESTED), take=taker)

    assert taker.got == []
    assert (source.succeeded_at, source.problem) == (NOON, "")
    assert (source.etag, source.body_sha256) == ("", "")


def test_the_tick_asks_what_is_due_and_on(feed, httpserver, monkeypatch):
    respond(httpserver)
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    monkeypatch.setattr(warning_tasks.poll_source, "delay", tasks.poll_source)
    due = feed(key="xx-due")
    feed(key="xx-later", next_poll_at=NOON + MINUTE)
    feed(key="xx-off", state=SourceState.OFF)
    feed(key="xx-suggested", state=SourceState.SUGGESTED)
    feed(key="xx-held", claimed_until=NOON + MINUTE)

    tasks.poll_due_sources()

    asked = WarningSource.objects.filter(polled_at__isnull=False)
    assert [source.key for source in asked] == [due.key]
    assert len(httpserver.log) == 1


@pytest.mark.slow
def test_a_worker_that_is_killed_in_a_poll_loses_nothing(tmp_path):
    """A real process: the source is free again when its lease is over, and knows what it knew."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(120)
        worker = Worker(tmp_path, f"http://127.0.0.1:{listener.getsockname()[1]}/")
        worker.run("prepare()")
        with worker.start("poll()") as polling_worker:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<feed>")
                polling_worker.kill()

    said = worker.run("say()").split()
    assert said == ["0", f"{POLL_LEASE.total_seconds():.0f}", '"1"', "0", "1"]


class Worker:
    """Processes that share a database of their own."""

    def __init__(self, folder, url):
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_DATABASE": "",
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "NET_ALLOW_PRIVATE": "true",
            "FEED_ADDRESS": url,
        }

    def start(self, call):
        return subprocess.Popen(
            [
                *(sys.executable, "manage.py", "shell", "--no-imports", "-c"),
                f"from tests.official import polling_process as do; do.{call}",
            ],
            cwd=site_settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, call):
        process = self.start(call)
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        return output
