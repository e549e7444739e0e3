"""Celery's own command line starts worker and beat, too: real processes, a real Redis."""

from __future__ import annotations

import re
from pathlib import Path

import psutil
import pytest
import redis
from celery import Celery
from kombu import pools

from dyno.broker import configure
from dyno.reports import read_reports
from tests import ROOT
from tests.dyno.process import running
from weatheralert.beat import app as clock
from weatheralert.priority import WORKER_QUEUES
from weatherapp.operations.local.redis_server import RedisServer

pytestmark = pytest.mark.system

WORKER = ("celery", "-A", "weatheralert", "worker")
BEAT = ("celery", "-A", "weatheralert", "beat")
UNKNOWN = "no.such.task"


@pytest.fixture
def server(tmp_path, monkeypatch):
    with RedisServer(tmp_path / "redis.log") as server:
        monkeypatch.setenv("REDIS_URL", server.url)
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/site.sqlite3")
        yield server
        pools.reset()


@pytest.fixture
def client(server):
    with redis.Redis(port=server.port) as client:
        yield client


def holds_tensorflow(pid: int) -> bool:
    """Whether its files are in the memory of the process or of its children."""
    root = psutil.Process(pid)
    maps = [Path(f"/proc/{one.pid}/maps").read_text() for one in (root, *root.children())]
    assert all("python" in text for text in maps)
    return any("tensorflow" in text for text in maps)


def test_a_worker_takes_all_queues_in_the_order_of_the_procfiles(tmp_path, server, client):
    asker = configure(Celery("asker", fixups=[], set_as_current=False))
    for queue in reversed(WORKER_QUEUES):
        asker.send_task(UNKNOWN, kwargs={"queue": queue}, queue=queue)
    asker.close()

    with running(tmp_path, *WORKER) as process:
        process.wait_until(
            lambda: process.log().count("Rejected a message") == len(WORKER_QUEUES), "four messages"
        )
        (report,) = process.wait_until(lambda: read_reports(client), "a report")
        is_heavy = holds_tensorflow(process.popen.pid)
        status = process.stop()

    order = re.findall(r"Rejected a message on '([\w.]+)'", process.log())
    assert tuple(order) == WORKER_QUEUES
    assert (report.process_type, report.pid) == ("worker", process.popen.pid)
    assert re.search(r" INFO worker\[\d+\] dyno\.watch: Process running mem=", process.log())
    assert not is_heavy
    assert status == 0
    assert read_reports(client) == []


def test_beat_ticks_as_the_procfiles_does(tmp_path, server, client):
    with running(tmp_path, *BEAT) as process:
        (report,) = process.wait_until(lambda: read_reports(client), "a report")
        # At the next full minute.
        process.wait_until(lambda: client.llen("default") >= 9, "the ticks", patience_s=150)
        process.wait_until(lambda: client.llen("outgoing") >= 2, "what leaves")
        is_heavy = holds_tensorflow(process.popen.pid)
        status = process.stop()

    due = re.findall(r"Sending due task (\w+)", process.log())
    assert set(due) <= set(clock.conf.beat_schedule)
    assert {"refresh_due_places", "send_mails"} <= set(due)
    assert report.process_type == "beat"
    assert not is_heavy
    assert status == 0
    assert list(ROOT.glob("celerybeat-schedule*")) == []
    assert read_reports(client) == []
