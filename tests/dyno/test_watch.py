"""The thread that says how much memory its process holds."""

from __future__ import annotations

import logging
from threading import Event
from time import monotonic, sleep

import pytest
import redis

from dyno import reports
from dyno.identity import name_process
from dyno.watch import MemoryWatch, watch_process

LINE = "Process running mem=380M(74.2%)"


@pytest.fixture(autouse=True)
def _dyno(monkeypatch, caplog):
    monkeypatch.setenv("MEMORY_LIMIT_MB", "512")
    caplog.set_level(logging.INFO, logger="dyno.watch")
    name_process("worker")
    yield
    name_process("command")


class Meter:
    """Gives one size after the other; `is_read_out` when all were taken."""

    def __init__(self, *sizes_mb: float) -> None:
        self.sizes_mb = list(sizes_mb)
        self.is_read_out = Event()

    def __call__(self) -> float:
        if len(self.sizes_mb) > 1:
            return self.sizes_mb.pop(0)
        self.is_read_out.set()
        return self.sizes_mb[0]


def watch(*sizes_mb: float, **options) -> None:
    """Let a watch see the sizes, the last one also at its stop."""
    meter = Meter(*sizes_mb)
    running = MemoryWatch(meter, period_s=0.001, **options)
    running.start()
    assert meter.is_read_out.wait(30)
    running.stop()


def messages(caplog, level=logging.INFO):
    return [record.getMessage() for record in caplog.records if record.levelno == level]


def test_memory_is_logged_at_the_start_and_at_the_stop(caplog):
    running = MemoryWatch(lambda: 380.0, period_s=3600)
    running.start()
    running.stop()
    running.stop()

    assert messages(caplog) == [LINE, LINE]


def test_memory_is_logged_period_after_period(caplog):
    watch(380.0, 380.0, 380.0)

    assert len(messages(caplog)) >= 4


def test_more_than_90_percent_is_a_warning_said_once(caplog):
    watch(460.0, 470.0, 480.0)  # 89.8, 91.8 and 93.8 %

    (warning,) = messages(caplog, logging.WARNING)
    assert "91.8%" in warning


def test_a_second_rise_is_a_second_warning(caplog):
    watch(470.0, 440.0, 470.0, 400.0, 470.0)  # 440 is calmer, but not calm

    assert len(messages(caplog, logging.WARNING)) == 2


def test_a_silent_redis_does_not_end_the_watch(caplog, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")

    def report(used_mb, limit_mb):
        reports.remove_report("nobody")

    watch(380.0, 381.0, 382.0, report=report)

    assert "Process running mem=382M(74.6%)" in messages(caplog)


def test_a_watched_process_reports_and_takes_its_report_back(redis_server, redis_url):
    running = watch_process(parts=["beat"])
    running.stop()  # waits for the first look
    with redis.Redis(port=redis_server.port) as client:
        assert reports.read_reports(client) == []


def test_parts_report_beside_the_process_that_holds_them(redis_server, redis_url, monkeypatch):
    monkeypatch.setattr(reports, "remove_report", lambda instance: None)

    watch_process(parts=["beat"]).stop()

    with redis.Redis(port=redis_server.port) as client:
        found = {report.process_type: report for report in reports.read_reports(client)}
    assert set(found) == {"worker", "beat"}
    assert found["worker"].memory_mb > 10
    assert found["beat"].memory_mb is None
    assert found["worker"].memory_limit_mb == 512


def test_a_broken_report_of_another_version_does_not_end_the_watch(redis_server, redis_url):
    with redis.Redis(port=redis_server.port) as client:
        client.hset(reports.KEY, "worker@newer:1", "[]")

        running = watch_process()
        deadline = monotonic() + 30
        while not reports.read_reports(client) and monotonic() < deadline:
            sleep(0.01)  # between two looks, not instead of one
        is_alive = running.is_alive()
        (report,) = reports.read_reports(client)
        running.stop()

    assert is_alive
    assert report.process_type == "worker"
