"""The status page: what /health says to programs, for people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import OperationalError

from tests.factories import NOON, make_place, make_prediction, make_request
from tests.operations.servers import closed_port
from tests.pages.markup import read, words
from tests.reports import store_report
from weatherapp.health.processes import EXPECTED
from weatherapp.models import OutgoingServer
from weatherapp.operations import health

MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def processes(broker):
    """All report; a call changes what one of them says."""
    for name in EXPECTED:
        store_report(broker, name)

    def say(name, **fields):
        store_report(broker, name, **fields)

    return say


def show(client, **headers):
    caches["parts"].clear()
    answer = client.get("/status", headers=headers)
    assert answer.status_code == 200
    return answer


def test_a_site_that_works_says_so_first(client, processes):
    page = show(client)

    assert read(page.content.decode()).one("h1").text == "Everything works"
    assert "What is not as it should be" not in words(page)
    assert "80 of 512 MB (15.6 %)" in words(page)
    assert "Running for 60 minutes." in words(page)
    assert read(page.content.decode()).mistakes == []


def test_a_process_that_is_full_or_silent_is_told_in_words_and_picture(client, processes):
    processes("predictor", memory_mb=520.0)
    processes("worker", age_s=600)
    page = show(client)

    assert read(page.content.decode()).one("h1").text == "The site works, but not all of it"
    assert "Degraded A predictor uses 101.6 % of its memory." in words(page)
    assert "Has not reported for 10 minutes." in words(page)
    bar = read(page.content.decode()).one("svg", **{"class": "memory memory-over"})
    assert bar.attributes["aria-hidden"] == "true"
    assert read(page.content.decode()).all("rect", **{"class": "memory-used", "width": "100.0"})


def test_of_several_processes_the_fullest_speaks(client, processes):
    processes("worker", instance="worker@b:2", memory_mb=300.0)

    assert "300 of 512 MB (58.6 %)" in words(show(client))
    assert "2 of them; this is the one nearest to its limit." in words(show(client))


def test_sources_queue_and_answers_have_their_ages(client, processes):
    place = make_place(fetched_at=NOON - 20 * MINUTE, fetch_failures=1)
    make_prediction(place, answered_at=NOON - 10 * MINUTE)
    make_request(
        place,
        window_end_at=NOON - 60 * MINUTE,
        created_at=NOON - 3 * MINUTE,
        expires_at=NOON + 50 * MINUTE,
    )
    page = words(show(client))

    assert "Open-Meteo last fetched 20 minutes ago (1 January, 11:40 UTC)" in page
    assert "1 place the last fetch failed at 1 of them" in page
    assert "Newest prediction 10 minutes ago" in page
    assert "Waiting for the predictor 1 request the oldest has waited 3 minutes" in page


def test_without_redis_the_page_stands(client, monkeypatch):
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{closed_port()}/0")
    page = show(client)

    assert read(page.content.decode()).one("h1").text == "Something important does not work"
    assert "Redis does not answer, so nobody knows how the processes are." in words(page)


def test_without_a_database_the_page_stands(client, processes, monkeypatch):
    def fail(*_, **__):
        raise OperationalError("host db.internal user secret")

    monkeypatch.setattr(health, "read_work", fail)
    monkeypatch.setattr("weatherapp.pages.context.read_sources", fail)
    page = show(client)

    assert "The database does not answer: no page can be shown." in words(page)
    assert "secret" not in page.content.decode()


def test_secrets_of_the_mail_server_stay_with_the_operator(client, processes):
    OutgoingServer.objects.create(
        pk="mail", failures=3, last_error="535 user@example.org", open_until=NOON + 9 * MINUTE
    )
    page = show(client)

    assert "The mail server failed 3 times in a row" in words(page)
    assert "535" not in page.content.decode()


def test_for_some_seconds_nobody_is_asked_again(client, processes):
    show(client)
    make_place()

    assert "No place is watched yet" in words(client.get("/status"))
    assert "No place is watched yet" not in words(show(client))


def test_it_is_only_read(client):
    assert client.post("/status").status_code == 405
