"""Worker and beat as real processes: their logs, their reports, their end."""

from __future__ import annotations

import signal

import pytest
import redis
from celery import Celery
from kombu import pools

from dyno import trace
from dyno.broker import configure
from dyno.reports import read_reports
from tests.dyno.process import BEAT, WORKER, running

pytestmark = [pytest.mark.slow, pytest.mark.pair]

PREFORK = (*WORKER, "--pool=prefork")
THREADS = (*WORKER, "--pool=threads")
CASES = [
    pytest.param(PREFORK, "worker", id="worker, prefork"),
    pytest.param(THREADS, "worker", id="worker, threads"),
    pytest.param(BEAT, "beat", id="beat"),
]


@pytest.fixture
def client(redis_server, redis_url):
    with redis.Redis(port=redis_server.port) as client:
        yield client


@pytest.mark.parametrize(("words", "name"), CASES)
def test_a_process_says_how_much_memory_it_holds_and_stops_in_order(tmp_path, client, words, name):
    with running(tmp_path, *words, MEMORY_LIMIT_MB="200") as process:
        process.wait_for("Process running mem=")
        process.wait_for("ready" if name == "worker" else "Starting")
        (report,) = wait_for_reports(process, client)
        status = process.stop()

    assert status == 0
    assert (report.process_type, report.pid) == (name, process.popen.pid)
    assert 10 < report.memory_mb < 200
    assert report.memory_limit_mb == 200
    assert f"{name}[{process.popen.pid}] dyno.watch: Process running mem=" in process.log()
    assert read_reports(client) == []
    assert "Traceback" not in process.log()


def wait_for_reports(process, client, count=1):
    """The report follows the line in the log."""
    return process.wait_until(
        lambda: len(found := read_reports(client)) >= count and found, f"{count} reports"
    )


def test_a_killed_process_leaves_its_last_report(tmp_path, client):
    with running(tmp_path, *BEAT) as process:
        wait_for_reports(process, client)
        process.popen.send_signal(signal.SIGKILL)
        process.popen.wait()

        assert len(read_reports(client)) == 1


def test_a_worker_with_the_clock_inside_reports_both(tmp_path, client):
    with running(tmp_path, *PREFORK, "--with-beat=weatheralert.beat") as process:
        process.wait_for("beat: Starting...")
        found = wait_for_reports(process, client, 2)
        status = process.stop()

    assert {report.process_type for report in found} == {"worker", "beat"}
    assert status == 0
    assert read_reports(client) == []


@pytest.mark.parametrize("pool", [PREFORK, THREADS], ids=["prefork", "threads"])
def test_one_id_goes_through_a_task_and_its_callback(tmp_path, redis_url, pool):
    app = configure(Celery("asker", fixups=[], set_as_current=False))
    with running(tmp_path, *pool, LOG_FORMAT="json") as process:
        process.wait_for("ready")
        token = trace.trace_id.set("request-of-a-reader")
        asked = app.send_task(
            "echo.say", ["rain"], queue="echo", link=app.signature("echo.hear", queue="echo")
        )
        trace.trace_id.reset(token)
        process.wait_for("heard rain")
        app.send_task("echo.hear", ["sun"], queue="echo")
        process.wait_for("heard sun")
        records = {record["message"]: record for record in process.records()}
    app.close()

    assert records["said rain"]["task_id"] == asked.id
    assert records["said rain"]["process_type"] == "worker"
    assert records["said rain"]["trace_id"] == "request-of-a-reader"
    assert records["heard rain"]["trace_id"] == "request-of-a-reader"
    assert len(records["heard sun"]["trace_id"]) == 32


def test_a_sender_holds_one_connection(client):
    """Kombu alone would hold two."""
    pools.reset()  # they are shared by all apps of a process
    before = {entry["id"] for entry in client.client_list()}
    app = configure(Celery("asker", fixups=[], set_as_current=False))

    for _ in range(3):
        app.send_task("echo.say", ["rain"], queue="unread")

    held = {entry["id"] for entry in client.client_list()} - before
    assert len(held) == 1
    assert client.llen("unread") == 3
    app.close()
