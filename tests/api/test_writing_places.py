"""Making, changing and switching off places by key: all of a request, or nothing."""

from __future__ import annotations

import json

import pytest
from kombu.exceptions import OperationalError

from tests.factories import NOON, make_place, make_readings
from weatherapp import tasks
from weatherapp.models import Place, Scope, Tag

pytestmark = pytest.mark.django_db(transaction=True)
CORK = {"name": "Cork", "latitude": 51.9, "longitude": -8.47}


@pytest.fixture
def writer(make_program):
    return make_program(Scope.PLACES)


@pytest.fixture(autouse=True)
def queued(monkeypatch):
    """Places whose rules are to be looked at again."""
    calls = []
    monkeypatch.setattr(tasks.evaluate_places, "delay", lambda place_ids: calls.append(place_ids))
    return calls


@pytest.fixture(autouse=True)
def live_site(settings):
    settings.WEATHER_SOURCE = "open_meteo"


def read_errors(response, status=422):
    assert response.status_code == status, response.content
    return {one["pointer"]: one["detail"] for one in response.json()["errors"]}


def test_a_place_is_made_with_what_the_nearest_city_says(writer):
    response = writer.post("/places", CORK | {"tags": ["coast", "Coast", "harbour "]})
    place = Place.objects.get()

    assert response.status_code == 201
    assert response["Location"] == f"http://testserver/api/v1/places/{place.pk}"
    told = response.json()
    assert (told["time_zone"], told["country"]) == ("Europe/Dublin", "IE")
    assert sorted(tag.lower() for tag in told["tags"]) == ["coast", "harbour"]
    assert told["standing"] == "no-data"
    assert writer.get(f"/places/{place.pk}").json() == told
    assert place.next_refresh_at is None  # it is due


def test_tags_that_there_are_are_taken_in_any_case(writer):
    Tag.objects.create(name="Coast")

    assert writer.post("/places", CORK | {"tags": ["COAST"]}).json()["tags"] == ["Coast"]
    assert Tag.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "pointer", "detail"),
    [
        ({"name": ""}, "/name", "empty"),
        ({"name": "   "}, "/name", "blank"),
        ({"name": "x" * 81}, "/name", "80 characters"),
        ({"name": "a\u0000b"}, "/name", "characters"),
        ({"name": "\ud800"}, "/name", "half a character"),
        ({"name": 5}, "/name", "a text"),
        ({"name": "Dublin"}, "/name", "already exists"),
        ({"latitude": 90.5}, "/latitude", "at most 90"),
        ({"latitude": "51"}, "/latitude", "a number"),
        ({"latitude": True}, "/latitude", "a number"),
        ({"longitude": -181}, "/longitude", "at least -180"),
        ({"time_zone": "Ireland/Cork"}, "/time_zone", "no time zone"),
        ({"country": "XX"}, "/country", "no country"),
        ({"country": "IRL"}, "/country", "2 characters"),
        ({"latitude": 0.0, "longitude": -30.0}, "/time_zone", "No city is within 50 km"),
        ({"source": "radar"}, "/source", "one of"),
        ({"source": "replay"}, "/station", "JFK"),
        ({"source": "replay", "station": "XYZ"}, "/station", "JFK"),
        ({"tags": "coast"}, "/tags", "a list"),
        ({"tags": ["x" * 41]}, "/tags/0", "40 characters"),
        ({"is_active": "yes"}, "/is_active", "true or false"),
        ({"fetched_at": None}, "/fetched_at", "not known"),
        ({"a/b~c": 1}, "/a~1b~0c", "not known"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(writer, change, pointer, detail):
    make_place()
    errors = read_errors(writer.post("/places", CORK | change))

    assert detail in errors[pointer]
    assert Place.objects.count() == 1
    assert Tag.objects.count() == 0


def test_all_that_is_wrong_is_told_at_once(writer):
    errors = read_errors(writer.post("/places", {"latitude": 100, "tags": [1], "x": 1}))

    assert set(errors) == {"/name", "/longitude", "/latitude", "/tags/0", "/x"}


def test_a_change_leaves_what_it_does_not_name(writer, queued):
    place = make_place(country="IE", fetched_at=NOON)
    place.tags.add(Tag.objects.create(name="coast"))
    make_readings(place)

    told = writer.patch(f"/places/{place.pk}", {"name": "Baile Átha Cliath"})

    assert told.status_code == 200
    assert (told.json()["name"], told.json()["tags"]) == ("Baile Átha Cliath", ["coast"])
    assert place.readings.count() == 24
    assert queued == []


def test_one_that_is_moved_forgets_the_weather_of_elsewhere(writer):
    place = make_place()
    make_readings(place)

    assert writer.patch(f"/places/{place.pk}", {"latitude": 53.4}).status_code == 200

    place.refresh_from_db()
    assert (place.readings.count(), place.moved_at) == (0, NOON)


def test_rules_are_looked_at_again_when_tags_change_or_it_is_switched_off(writer, queued):
    place = make_place()

    writer.patch(f"/places/{place.pk}", {"tags": ["coast"]})
    writer.patch(f"/places/{place.pk}", {"tags": ["coast"]})
    told = writer.patch(f"/places/{place.pk}", {"is_active": False})

    assert queued == [[place.pk], [place.pk]]
    assert told.json()["is_active"] is False
    assert writer.get("/places").json()["items"] == []


def test_without_a_queue_it_is_stored_all_the_same(writer, monkeypatch):
    def fail(place_ids):
        raise OperationalError("no Redis")

    monkeypatch.setattr(tasks.evaluate_places, "delay", fail)
    place = make_place()

    assert writer.patch(f"/places/{place.pk}", {"is_active": False}).status_code == 200
    place.refresh_from_db()
    assert not place.is_active


def test_a_change_of_nothing_and_of_nobody(writer):
    place = make_place()

    assert "" in read_errors(writer.patch(f"/places/{place.pk}", {}))
    assert writer.patch("/places/999", {"name": "X"}).status_code == 404
    assert read_errors(writer.patch(f"/places/{place.pk}", {"name": None}))


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (json.dumps(CORK), "text/plain", 415, "unsupported_media_type"),
        (json.dumps(CORK), "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("{", "application/json", 400, "not_json"),
        ('{"latitude": NaN}', "application/json", 400, "not_json"),
        ("[" * 5000, "application/json", 400, "not_json"),
        (b"\xff\xfe", "application/json", 400, "not_json"),
        ("[]", "application/json", 422, "invalid"),
        ("null", "application/json", 422, "invalid"),
        ('{"latitude": 1e999}', "application/json", 422, "invalid"),
        ('{"latitude": ' + "9" * 400 + "}", "application/json", 422, "invalid"),
        (json.dumps(CORK), "application/json; charset=utf-8", 201, None),
    ],
)
def test_bodies_that_are_no_json_objects(writer, body, kind, status, code):
    response = writer.post("/places", body, **{"Content-Type": kind})

    assert response.status_code == status, response.content
    assert response.json().get("code") == code


def test_a_body_that_is_too_large(writer, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    assert writer.post("/places", CORK | {"name": "x" * 200}).status_code == 413
