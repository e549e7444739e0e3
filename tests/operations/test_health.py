"""/health while all of it can be asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from dyno.poison import keep_aside
from tests.factories import make_place, make_prediction
from tests.operations.servers import texts
from tests.reports import store_report
from weatherapp.health.processes import EXPECTED
from weatherapp.models import TickRun
from weatherapp.operations import health

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def all_report(broker: redis.Redis) -> None:
    """The processes' own words, a moment ago."""
    for process_type in EXPECTED:
        store_report(broker, process_type)


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
    assert report["predictions"] == {
        "last_answer_age_s": None,
        "waiting": 0,
        "last_cycle": None,
    }
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


@pytest.mark.django_db
def test_rejected_messages_are_counted(client, broker):
    all_report(broker)
    keep_aside(broker, "default", b"5", "no message")

    answer = client.get("/health")

    assert answer.json()["poisoned"] == 1
    assert "1 message could not be worked on and was kept aside" in " ".join(texts(answer))
