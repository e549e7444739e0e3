"""/health: a real Redis server that comes and goes, real databases that fail."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Timer

import pytest
import redis
from django.conf import settings
from django.utils import timezone

from dyno.poison import keep_aside
from tests.factories import make_place, make_prediction
from tests.reports import store_report
from weatherapp.health.processes import EXPECTED
from weatherapp.models import TickRun
from weatherapp.operations import health
from weatherapp.operations.local.redis_server import RedisServer

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
WATCHDOG_S = 45


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis") / "log") as server:
        yield server


@pytest.fixture
def _redis_up(redis_server, monkeypatch):
    # This process holds all tests: what it uses is not what /health is asked about here.
    monkeypatch.setenv("MEMORY_LIMIT_MB", "65536")
    with redis.Redis(port=redis_server.port) as client:
        client.flushall()
    monkeypatch.setenv("REDIS_URL", redis_server.url)


@pytest.fixture
def broker(redis_server, _redis_up) -> Iterator[redis.Redis]:
    with redis.Redis(port=redis_server.port) as client:
        yield client


def all_report(broker: redis.Redis) -> None:
    """The processes' own words, a moment ago."""
    for process_type in EXPECTED:
        store_report(broker, process_type)


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never says a word; its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def texts(answer) -> list[str]:
    return [reason["text"] for reason in answer.json()["reasons"]]


def closed_port() -> int:
    with silent_server() as port:
        return port


# All is well, or nearly


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/health", "/health?strict"])
def test_healthy_site_says_so(client, broker, monkeypatch, address):
    monkeypatch.setenv("MEMORY_LIMIT_MB", "4096")
    all_report(broker)

    answer = client.get(address)

    report = answer.json()
    assert answer.status_code == 200
    assert (report["status"], report["reasons"]) == ("ok", [])
    assert (report["database"], report["redis"]) == ("ok", "ok")
    assert report["predictions"] == {"last_answer_age_s": None, "waiting": 0}
    assert report["fetch"] == {"failed_places": 0, "oldest_due_age_s": None}
    assert report["mail"] == {"oldest_due_age_s": None}
    assert report["ticks"] == {}
    assert report["memory_limit_mb"] == 4096
    assert 0 < report["memory_mb"] < 4096
    assert report["within_limit"] is True
    assert {name: part["status"] for name, part in report["processes"].items()} == dict.fromkeys(
        EXPECTED, "ok"
    )
    assert report["percent_of_limit"] == pytest.approx(report["memory_mb"] / 40.96, abs=0.1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("trouble", "text"),
    [
        pytest.param({"age_s": 240}, "No predictor has reported for 4 minutes.", id="silent"),
        pytest.param(
            {"memory_mb": 520.0}, "A predictor uses 101.6 % of its memory.", id="above its limit"
        ),
        pytest.param(
            {"clock_ahead_s": 600.0},
            "The clock of predictor is 10 minutes ahead of that of beat.",
            id="clock ahead",
        ),
    ],
)
def test_process_in_trouble_is_degraded(client, broker, monkeypatch, trouble, text):
    monkeypatch.setenv("MEMORY_LIMIT_MB", "4096")
    all_report(broker)
    store_report(broker, "predictor", **trouble)

    report = client.get("/health").json()

    assert report["status"] == "degraded"
    assert [reason["text"] for reason in report["reasons"]] == [text]


@pytest.mark.django_db(transaction=True)
def test_monitors_that_ask_strictly_hear_of_all_that_is_not_well(client, broker):
    answer = client.get("/health?strict")

    assert answer.status_code == 503
    assert answer.json() | {"memory_mb": 0, "percent_of_limit": 0} == client.get(
        "/health"
    ).json() | {"memory_mb": 0, "percent_of_limit": 0}
    assert {reason["code"] for reason in answer.json()["reasons"]} == {"process_missing"}


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
    assert answer.json()["fetch"]["failed_places"] == 1
    assert "The last fetch failed at 1 of 1 places." in texts(answer)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_redis_up")
def test_site_that_stands_still_is_failing_and_its_web_process_is_left_alone(client, monkeypatch):
    """Restarting it would mend nothing, and would take the pages from readers."""
    monkeypatch.setattr(health, "_started_s", health.monotonic() - 3600)
    make_place(next_refresh_at=timezone.now() - 120 * MINUTE, fetched_at=timezone.now() - HOUR)

    answer, strict = client.get("/health"), client.get("/health?strict")

    assert (answer.status_code, strict.status_code) == (200, 503)
    assert answer.json()["status"] == "failing"
    first = answer.json()["reasons"][0]
    assert (first["level"], first["code"]) == ("failing", "never_ticked")
    assert "1 of 1 places have waited more than 60 minutes" in " ".join(texts(answer))
    assert answer.json()["fetch"]["oldest_due_age_s"] == pytest.approx(7200, abs=60)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_redis_up")
def test_times_in_the_future_have_no_age(client):
    ahead_at = timezone.now() + HOUR
    TickRun.objects.create(name="a_tick", every_s=60, started_at=ahead_at, finished_at=ahead_at)
    make_prediction(make_place(), answered_at=ahead_at)

    report = client.get("/health").json()

    assert report["ticks"] == {"a_tick": None}
    assert report["predictions"]["last_answer_age_s"] is None


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


@pytest.mark.django_db
def test_rejected_messages_are_counted(client, broker):
    all_report(broker)
    keep_aside(broker, "default", b"5", "no message")

    answer = client.get("/health")

    assert answer.json()["poisoned"] == 1
    assert "1 messages could not be worked on and were kept aside" in " ".join(texts(answer))
