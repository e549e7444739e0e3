"""Language and units by choice: what wins, what is remembered, and what is kept apart."""

from __future__ import annotations

import pytest
from django.core.cache import caches

from tests.pages import scenes
from weatherapp.domain.units import Units, UnitSystem, WindUnit, read_units


@pytest.fixture
def place(db):
    return scenes.make_live_place()


@pytest.fixture
def shared(settings):
    settings.PAGES_SHARED_SECONDS = 60
    caches["parts"].clear()


def test_the_browser_says_then_the_cookie_then_the_address(client, db):
    french = {"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.5"}
    assert client.get("/privacy", headers=french)["Content-Language"] == "fr"

    client.cookies["language"] = "en"
    assert client.get("/privacy", headers=french)["Content-Language"] == "en"
    assert client.get("/privacy?lang=fr")["Content-Language"] == "fr"


def test_only_a_choice_sets_a_cookie(client, db):
    assert not client.get("/", headers={"Accept-Language": "fr"}).cookies

    chosen = client.get("/?lang=fr&units=us-kn").cookies
    assert (chosen["language"].value, chosen["units"].value) == ("fr", "us-kn")
    assert client.get("/")["Content-Language"] == "fr"


@pytest.mark.parametrize("nonsense", ["xx", "", "fr\x00", "%", "en-" * 200])
def test_nonsense_is_no_choice(client, db, nonsense):
    answer = client.get("/", {"lang": nonsense, "units": nonsense})

    assert answer.status_code == 200
    assert answer["Content-Language"] == "en"
    assert "units" not in answer.cookies


def test_readers_of_two_languages_get_two_pages(client, place, shared):
    english, french = client.get("/"), client.get("/", headers={"Accept-Language": "fr"})

    assert b'<html lang="en">' in english.content
    assert b'<html lang="fr">' in french.content
    assert english["ETag"] != french["ETag"]
    assert b'<html lang="en">' in client.get("/").content


def test_readers_of_two_units_get_two_pages(client, place, shared):
    address = place.get_absolute_url()
    metric = client.get(address)
    us = client.get(address, headers={"Cookie": "units=us"})

    assert metric["ETag"] != us["ETag"]


@pytest.mark.parametrize("text", ["metric", "uk", "us", "us-kn", "metric-bft"])
def test_a_choice_is_written_and_read(text):
    assert str(read_units(text)) == text


def test_wind_is_in_what_is_usual_or_chosen():
    assert Units(UnitSystem.UK).wind_unit is WindUnit.MPH
    assert Units(UnitSystem.US, WindUnit.KN).wind_unit is WindUnit.KN
    assert read_units("nautical") is None


def test_preferences_are_saved_and_lead_back(client, db):
    wanted = {"language": "fr", "system": "uk", "wind": "kn", "next": "/privacy"}
    answer = client.post("/preferences", wanted, headers={"Sec-Fetch-Site": "same-origin"})

    assert (answer.status_code, answer["Location"]) == (303, "/privacy")
    assert (answer.cookies["language"].value, answer.cookies["units"].value) == ("fr", "uk-kn")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"]
)
def test_preferences_lead_nowhere_else(client, db, elsewhere):
    wanted = {"language": "en", "system": "metric", "next": elsewhere}

    assert client.post("/preferences", wanted)["Location"] == "/"


def test_a_choice_that_is_none_is_said_and_stores_nothing(client, db):
    answer = client.post("/preferences", {"language": "xx", "system": "metric"})

    assert answer.status_code == 400
    assert not answer.cookies
