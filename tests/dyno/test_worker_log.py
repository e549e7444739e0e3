"""The log of a real worker that is sent secrets, forged lines and tasks that it does not know."""

from __future__ import annotations

import pytest
from celery import Celery

from dyno.broker import configure
from tests.dyno.process import WORKER, running

SECRET, ADDRESS = "hunter2hunter2", "ann@example.org"
FORGED = "2026-01-01 00:00:00,000 INFO worker[1] weatherapp: all is well"


@pytest.mark.parametrize("log_format", ["line", "json"])
def test_arguments_of_tasks_give_nothing_away_and_forge_nothing(redis_url, tmp_path, log_format):
    app = configure(Celery("asker", fixups=[], set_as_current=False))
    app.send_task("echo.unknown", kwargs={"token": SECRET, "to": ADDRESS}, queue="echo")
    app.send_task("echo.say", [], {"word": 1, "password": SECRET, "to": ADDRESS}, queue="echo")
    app.send_task("echo.say", [f"redis://:{SECRET}@host to {ADDRESS}\n{FORGED}"], queue="echo")
    app.send_task("echo.say", ["the last word"], queue="echo")
    app.close()

    with running(tmp_path, *WORKER, "--pool=threads", LOG_FORMAT=log_format) as process:
        process.wait_for("said the last word")
        log = process.log()

    assert log.count("Rejected a message on") == 2
    assert "unexpected keyword argument" in log
    assert "said redis://[hidden]@host to [hidden]" in log
    assert SECRET not in log
    assert ADDRESS not in log
    assert not any(line.startswith(FORGED) for line in log.splitlines())
