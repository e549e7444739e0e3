"""/health while Redis or the database is down: a real Redis server that dies, real databases that fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest
import redis
from django.conf import settings

from tests.operations.servers import closed_port, silent_server, texts
from weatherapp.operations.local.redis_server import RedisServer

pytestmark = [pytest.mark.slow, pytest.mark.alone]

WATCHDOG_S = 45


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

    assert [before.status_code, after.status_code, again.status_code] == [200, 200, 200]
    assert after.json()["status"] == "failing"
    assert "Redis does not answer" in texts(after)[0]
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

        answer = client.get("/health?strict")

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
    assert (report["status"], report["database"], report["redis"]) == ("failing", "down", "ok")
    assert report["reasons"][0]["code"] == "database_down"
    assert report["ticks"] is None
    assert report["predictions"] == {
        "last_answer_age_s": None,
        "waiting": None,
        "last_cycle": None,
    }
    assert "hunter2" not in json.dumps(report)


def test_database_that_stays_silent_is_down_before_its_own_timeout(redis_server):
    with silent_server() as port:
        url = f"postgres://someone@127.0.0.1:{port}/site?connect_timeout=600"

        status, report = ask_process(url, redis_server.url)

    assert (status, report["database"]) == (503, "down")


def test_database_without_tables_is_down(redis_server, tmp_path: Path):
    status, report = ask_process(f"sqlite:///{tmp_path}/empty.sqlite3", redis_server.url)

    assert (status, report["database"]) == (503, "down")
