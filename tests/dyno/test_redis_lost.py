"""A worker whose Redis dies takes what comes after it."""

from __future__ import annotations

import pytest
from celery import Celery
from kombu import pools

from dyno.broker import configure
from tests.dyno.process import WORKER, running
from weatherapp.operations.local.redis_server import RedisServer


@pytest.fixture
def server(tmp_path, monkeypatch):
    with RedisServer(tmp_path / "redis.log") as server:
        monkeypatch.setenv("REDIS_URL", server.url)
        yield server
        pools.reset()


@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_a_task_that_ends_while_redis_is_away_does_not_stop_the_worker(server, tmp_path, pool):
    may_end = tmp_path / "may end"
    app = configure(Celery("asker", fixups=[], set_as_current=False))

    with running(tmp_path, *WORKER, f"--pool={pool}") as worker:
        app.send_task("echo.wait", [str(may_end)], queue="echo")
        worker.wait_for("waits for")
        server.process.kill()
        server.process.wait()
        may_end.touch()
        worker.wait_for("Couldn't ack")

        server.start()
        app.send_task("echo.say", ["after"], queue="echo")

        worker.wait_for("said after")
