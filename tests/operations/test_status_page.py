"""The status page: what /health says to programs, for people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import OperationalError

from tests.factories import NOON, make_place, make_prediction, make_readings, make_request
from tests.operations.servers import closed_port
from tests.pages.markup import read, words
from tests.reports import store_report
from weatherapp.health.processes import EXPECTED
from weatherapp.models import OutgoingServer, PredictionRequest
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


def predict(place, *, fetched, asked, answered):
    """Times in seconds before noon."""
    second = timedelta(seconds=1)
    make_readings(place, until=NOON, hours=1)
    place.readings.update(received_at=NOON - fetched * second)
    prediction = make_prediction(place, answered_at=NOON - answered * second)
    PredictionRequest.objects.filter(pk=prediction.request_id).update(
        created_at=NOON - asked * second
    )


def test_the_last_cycle_is_told_from_weather_to_answer(client, processes):
    predict(make_place(), fetched=90, asked=65, answered=60)

    assert (
        "Last cycle weather fetched at 11:58:30, prediction asked for at 11:58:55, "
        "answer stored at 11:59:00 (UTC) 5 seconds from the question to the answer"
    ) in words(show(client))
    assert client.get("/health").json()["predictions"]["last_cycle"] == {
        "fetched_age_s": 90.0,
        "asked_age_s": 65.0,
        "answered_age_s": 60.0,
        "took_s": 5.0,
    }


def test_an_answer_that_came_at_once_took_no_zero_seconds(client, processes):
    predict(make_place(), fetched=90, asked=60.4, answered=60)

    assert "(UTC) less than a second from the question to the answer" in words(show(client))


def test_weather_that_was_mended_after_the_question_is_not_said_to_be_its_origin(client, processes):
    predict(make_place(), fetched=10, asked=65, answered=60)

    assert "Last cycle prediction asked for at 11:58:55" in words(show(client))


def test_a_cycle_of_a_wrong_clock_is_not_told(client, processes):
    predict(make_place(), fetched=90, asked=5, answered=60)

    assert "Last cycle" not in words(show(client))


def poll(client, address):
    caches["parts"].clear()
    return client.get(address, headers={"HX-Request": "true"})


def poll_address(answer):
    return read(answer.content.decode()).one("div", id="live").attributes["hx-get"]


def test_an_open_page_is_drawn_anew_only_where_it_would_say_something_else(client, processes):
    address = poll_address(show(client))
    assert poll(client, address).status_code == 204

    processes("worker", memory_mb=300.0)
    answer = poll(client, address)

    assert "300 of 512 MB" in words(answer)
    assert "<html" not in answer.content.decode()
    assert 'id="announcements"' not in answer.content.decode()
    assert poll(client, poll_address(answer)).status_code == 204


def test_an_open_page_says_aloud_that_all_is_well_no_longer(client, processes):
    address = poll_address(show(client))
    processes("worker", age_s=600)
    page = read(poll(client, address).content.decode())

    assert page.one("p", id="announcements").text == "The site works, but not all of it"
    assert page.one("title").text.startswith("The site works, but not all of it – Status")


def test_an_open_page_polls_on_without_a_database(client, processes, monkeypatch):
    address = poll_address(show(client))

    def fail(*_, **__):
        raise OperationalError("host db.internal user secret")

    monkeypatch.setattr(health, "read_work", fail)
    monkeypatch.setattr("weatherapp.pages.context.read_sources", fail)

    assert "The database does not answer" in words(poll(client, address))
