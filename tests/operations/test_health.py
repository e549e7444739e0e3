"""/health: a real Redis server that comes and goes, real databases that fail."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Timer

import pytest
import redis
from django.conf import settings

from dyno.reports import Report, write_report
from tests.factories import make_place
from weatherapp.operations.local.redis_server import RedisServer
from weatherapp.operations.processes import EXPECTED

MINUTE = timedelta(minutes=1)
WATCHDOG_S = 45


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis") / "log") as server:
        yield server


@pytest.fixture
def _redis_up(redis_server, monkeypatch):
    with redis.Redis(port=redis_server.port) as client:
        client.flushall()
    monkeypatch.setenv("REDIS_URL", redis_server.url)


def report_from(*process_types: str, **fields: float) -> None:
    """The processes' own words, a moment ago."""
    usual = {"memory_mb": 60.0, "memory_limit_mb": 512.0, "reported_at_s": time.time()}
    for process_type in process_types:
        write_report(Report(f"{process_type}.1", process_type, pid=1, **(usual | fields)))


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never says a word; its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def closed_port() -> int:
    with silent_server() as port:
        return port


# All is well, or nearly


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_redis_up")
def test_healthy_site_says_so(client, monkeypatch):
    monkeypatch.setenv("MEMORY_LIMIT_MB", "4096")
    report_from(*EXPECTED)

    answer = client.get("/health")

    report = answer.json()
    assert answer.status_code == 200
    assert (report["status"], report["database"], report["redis"]) == ("ok", "ok", "ok")
    assert report["predictions"] == {"last_answer_age_s": None, "waiting": 0}
    assert report["fetch"] == {"failed_places": 0}
    assert report["memory_limit_mb"] == 4096
    assert 0 < report["memory_mb"] < 4096
    assert report["within_limit"] is True
    assert {name: part["status"] for name, part in report["processes"].items()} == dict.fromkeys(
        EXPECTED, "ok"
    )
    assert report["percent_of_limit"] == pytest.approx(report["memory_mb"] / 40.96, abs=0.1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_redis_up")
@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"reported_at_s": time.time() - 240}, id="silent for four minutes"),
        pytest.param({"memory_mb": 513.0}, id="above its limit"),
    ],
)
def test_process_in_trouble_is_degraded(client, monkeypatch, trouble):
    monkeypatch.setenv("MEMORY_LIMIT_MB", "4096")
    report_from("web", "worker", "beat")
    report_from("predictor", **trouble)

    assert client.get("/health").json()["status"] == "degraded"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_redis_up")
def test_monitors_may_ask_by_head_and_nobody_keeps_the_answer(client):
    answer = client.head("/health")

    assert answer.status_code == 200
    assert answer.content == b""
    assert "no-store" in answer["Cache-Control"]


def test_health_is_only_asked_for(client):
    assert client.post("/health").status_code == 405


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_redis_up")
def test_too_much_memory_is_degraded(client, monkeypatch):
    monkeypatch.setenv("MEMORY_LIMIT_MB", "16")

    report = client.get("/health").json()

    assert (report["status"], report["within_limit"]) == ("degraded", False)
    assert report["percent_of_limit"] > 100


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_redis_up")
def test_failed_fetch_is_degraded_not_down(client):
    make_place(fetch_failures=2)
    make_place(name="Cork", fetch_failures=1, is_active=False)

    answer = client.get("/health")

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["fetch"] == {"failed_places": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_redis_up")
def test_one_kept_connection_serves_many_questions(client, redis_server):
    for _ in range(3):
        client.get("/health")

    with redis.Redis(port=redis_server.port) as observer:
        connections = observer.client_list()
    assert len(connections) == 2  # the kept one and the observer's


# Redis is down


@pytest.mark.django_db(transaction=True)
def test_redis_that_dies_and_returns_is_noticed(client, tmp_path, monkeypatch):
    with RedisServer(tmp_path / "log") as server:
        monkeypatch.setenv("REDIS_URL", server.url)
        before = client.get("/health")
        server.process.kill()
        server.process.wait()
        after = client.get("/health")
        with RedisServer(tmp_path / "log") as other:
            monkeypatch.setenv("REDIS_URL", other.url)
            again = client.get("/health")

    assert [before.status_code, after.status_code, again.status_code] == [200, 503, 200]
    assert after.json()["status"] == "down"
    assert (after.json()["redis"], after.json()["database"]) == ("down", "ok")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_redis_up")
def test_kept_connection_that_the_server_cut_is_opened_anew(client, redis_server):
    client.get("/health")
    with redis.Redis(port=redis_server.port) as observer:
        observer.client_kill_filter(_type="normal", skipme=True)

    answer = client.get("/health")

    assert answer.json()["redis"] == "ok"


@pytest.mark.django_db(transaction=True)
def test_redis_that_stays_silent_is_down(client, monkeypatch):
    with silent_server() as port:
        monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{port}/0")

        answer = client.get("/health")

    assert answer.status_code == 503
    assert answer.json()["redis"] == "down"


@pytest.mark.django_db(transaction=True)
def test_no_secret_is_told(client, monkeypatch):
    monkeypatch.setenv("REDIS_URL", f"redis://:hunter2@127.0.0.1:{closed_port()}/0")

    answer = client.get("/health")

    assert answer.json()["redis"] == "down"
    assert "hunter2" not in answer.content.decode()
    assert "127.0.0.1" not in answer.content.decode()


# The database is down: in a process of its own, whose database that really is


def ask_process(database_url: str, redis_url: str) -> tuple[int, dict]:
    """Status and report of /health where DATABASE_URL is `database_url`."""
    process = subprocess.Popen(
        [
            *(sys.executable, "manage.py", "shell", "--no-imports", "-c"),
            "from django.test import Client\n"
            "answer = Client().get('/health')\n"
            "print(answer.status_code, answer.content.decode(), flush=True)",
        ],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_DATABASE": "",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    watchdog = Timer(WATCHDOG_S, process.kill)  # a check that hangs is to fail, not to hang
    watchdog.start()
    try:
        status, _, report = process.stdout.readline().partition(" ")
        return int(status), json.loads(report)
    finally:
        watchdog.cancel()
        process.kill()  # a thread of it may still wait for the silent database
        process.communicate()


def test_database_that_refuses_is_down(redis_server):
    url = f"postgres://someone:hunter2@127.0.0.1:{closed_port()}/site"

    status, report = ask_process(url, redis_server.url)

    assert status == 503
    assert (report["status"], report["database"], report["redis"]) == ("down", "down", "ok")
    assert report["predictions"] == {"last_answer_age_s": None, "waiting": None}
    assert "hunter2" not in json.dumps(report)


def test_database_that_stays_silent_is_down_before_its_own_timeout(redis_server):
    with silent_server() as port:
        url = f"postgres://someone@127.0.0.1:{port}/site?connect_timeout=600"

        status, report = ask_process(url, redis_server.url)

    assert (status, report["database"]) == (503, "down")


def test_database_without_tables_is_down(redis_server, tmp_path: Path):
    status, report = ask_process(f"sqlite:///{tmp_path}/empty.sqlite3", redis_server.url)

    assert (status, report["database"]) == (503, "down")
