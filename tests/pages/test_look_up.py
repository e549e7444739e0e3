"""A name that nobody here knows is looked up when somebody asks for it, by the worker alone."""

from __future__ import annotations

import pytest
from kombu.exceptions import OperationalError

from tests.factories import NOON
from tests.pages.markup import read, words
from weatherapp import tasks
from weatherapp.models import Geocoding
from weatherapp.pages import find_views

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
ARDARA = {
    "name": "Ardara",
    "country": "IE",
    "region": "Ulster",
    "latitude": 54.77,
    "longitude": -8.41,
    "time_zone": "Europe/Dublin",
    "population": 731,
}


@pytest.fixture
def asked(monkeypatch):
    """Names that the worker was asked to look up."""
    ids = []
    monkeypatch.setattr(tasks.look_up_name, "delay", lambda geocoding_id: ids.append(geocoding_id))
    return ids


@pytest.fixture(autouse=True)
def live(settings, transactional_db):
    settings.WEATHER_SOURCE = "open_meteo"


def look_up(client, text="Ardara qq"):
    return client.post("/find/look-up", {"q": text}, headers=FROM_HERE)


def test_it_is_offered_asked_and_answered(client, asked):
    offered = words(client.get("/find?q=Ardara+qq"))
    answer = look_up(client)
    waiting = client.get(answer.headers["Location"])

    assert "Ask Open-Meteo" in offered
    assert (answer.status_code, answer.headers["Location"]) == (303, "/find?q=Ardara+qq")
    assert len(asked) == 1
    assert "Looking it up" in words(waiting)
    live = read(waiting.content.decode()).one("div", id="live").attributes
    assert (live["hx-get"], live["hx-trigger"]) == ("/find?q=Ardara%20qq", "every 2s")

    Geocoding.objects.update(answered_at=NOON, cities=[ARDARA])
    found = client.get(live["hx-get"], headers={"HX-Request": "true"})
    assert "Ardara, Ulster, Ireland" in words(found)
    assert b"hx-trigger" not in found.content
    assert b"<html" not in found.content


def test_looking_at_the_page_asks_nothing(client, asked):
    client.get("/find?q=Ardara+qq")

    assert (asked, Geocoding.objects.count()) == ([], 0)


def test_the_same_name_is_asked_once_however_it_is_typed(client, asked):
    look_up(client, "Árdara  QQ")
    look_up(client, "ardara qq, ie")

    assert len(asked) == 1


def test_no_place_of_that_name_and_no_answer_are_said(client, asked):
    look_up(client)
    Geocoding.objects.update(answered_at=NOON)
    assert "knows no place of that name either" in words(client.get("/find?q=Ardara+qq"))

    Geocoding.objects.update(error="503")
    assert "could not be asked just now" in words(client.get("/find?q=Ardara+qq"))


def test_a_queue_that_is_away_is_said_at_once(client, monkeypatch):
    def fail(**_):
        raise OperationalError("away")

    monkeypatch.setattr(tasks.look_up_name, "delay", fail)
    answer = look_up(client)

    assert "could not be asked just now" in words(client.get(answer.headers["Location"]))


@pytest.mark.parametrize("text", ["", "Paris", "q", "\0", ","])
def test_what_needs_no_asking_is_not_asked(client, asked, text):
    assert look_up(client, text).status_code == 303
    assert asked == []


def test_a_replay_asks_nobody(client, asked, settings):
    settings.WEATHER_SOURCE = "replay"

    assert "Ask Open-Meteo" not in words(client.get("/find?q=Ardara+qq"))
    look_up(client)
    assert asked == []


def test_who_asks_too_often_is_told_to_wait(client, asked):
    for number in range(find_views.BY_CLIENT.burst):
        look_up(client, f"qqq zz{number}")
    refused = look_up(client, "Ardara qq")

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "Too many names" in words(refused)
    assert len(asked) == find_views.BY_CLIENT.burst


def test_another_site_cannot_ask(asked):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(
        "/find/look-up", {"q": "Ardara qq"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert (answer.status_code, asked) == (403, [])
