"""The real beat and the real worker, on two machines whose clocks differ by ten minutes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
import redis

from dyno.reports import read_reports, read_time_s
from tests import ROOT
from tests.dyno.process import BEAT, running
from tests.wrong_clock import WrongClock, ahead_at_second
from weatheralert.beat import app as clock
from weatherapp.health import texts
from weatherapp.health.processes import check_processes, describe_processes
from weatherapp.operations.local.redis_server import RedisServer

WORKER = (
    *("dyno.run_worker", "weatheralert.celery", "--pool=prefork", "--queues=default,outgoing"),
    "--hostname=worker@%h",
)
EACH_MINUTE = {
    name for name, entry in clock.conf.beat_schedule.items() if len(entry["schedule"].minute) > 1
}


@pytest.fixture
def environment(tmp_path):
    values = {
        "DJANGO_SETTINGS_MODULE": "weatheralert.settings",
        "SECRET_KEY": "tests-only",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
        "VAR_DIR": str(tmp_path),
        "HEARTBEAT_URL": "",
    }
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, cwd=ROOT, env=os.environ | values, check=True)
    with RedisServer(tmp_path / "redis.log") as server:
        yield values | {"REDIS_URL": server.url}


def read_done(tmp_path) -> set[str]:
    with closing(sqlite3.connect(tmp_path / "site.sqlite3", timeout=20)) as database:
        rows = database.execute("SELECT name FROM weatherapp_tickrun WHERE finished_at NOT NULL")
        return {name for (name,) in rows}


def read_texts(client: redis.Redis) -> list[str]:
    """What /health says of the processes' clocks."""
    reports, now_s = read_reports(client), read_time_s(client)
    found = check_processes(describe_processes(reports, now_s=now_s), reports, now_s=now_s)
    return [texts.describe(finding) for finding in found if finding.code == "clocks_differ"]


@pytest.mark.parametrize(
    ("ahead_s", "said"),
    [
        pytest.param(600, "The clock of worker is", id="the worker's is ahead"),
        pytest.param(-600, "The clock of beat is", id="the worker's is behind"),
    ],
)
def test_ticks_are_done_all_the_same_and_the_difference_is_told(
    tmp_path, environment, ahead_s, said
):
    (tmp_path / "worker").mkdir()
    (tmp_path / "beat").mkdir()
    workers = WrongClock(tmp_path / "worker", ahead_s=ahead_s)
    beats = WrongClock(tmp_path / "beat", ahead_s=ahead_at_second(50))
    with (
        redis.Redis.from_url(environment["REDIS_URL"]) as client,
        running(tmp_path / "worker", *WORKER, **environment, **workers.environment) as worker,
        running(tmp_path / "beat", *BEAT, **environment, **beats.environment),
    ):
        worker.wait_until(lambda: read_done(tmp_path) >= EACH_MINUTE, "all ticks", patience_s=180)
        text = worker.wait_until(lambda: read_texts(client), "a word about the clocks")

    assert len(EACH_MINUTE) >= 5
    assert text[0].startswith(said)
    assert "Traceback" not in worker.log()
