"""Names that the baked table lacks are asked of Open-Meteo once, and whatever it answers is bounded."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.factories import NOON
from weatherapp.intake.geocoding import look_up, parse_cities
from weatherapp.intake.source import SourceGarbledError
from weatherapp.models import Geocoding, SourceCalls
from weatherapp.models.geocoding import FAILURE_KEPT_FOR, KEPT_FOR, UNANSWERED_FOR
from weatherapp.pages.find import read_cities

ARDARA = {
    "id": 2966954,
    "name": "Ardara",
    "latitude": 54.76639,
    "longitude": -8.40917,
    "timezone": "Europe/Dublin",
    "country_code": "IE",
    "admin1": "Ulster",
    "population": 731,
}


@pytest.fixture
def source(httpserver, settings, db):
    settings.GEOCODING_URL = httpserver.url_for("")
    settings.OPEN_METEO_API_KEY = ""
    return httpserver


def ask(name="ardara"):
    row = Geocoding.objects.ask(name, now=NOON)
    look_up(row.pk, now=NOON)
    row.refresh_from_db()
    return row


def test_what_it_answers_is_stored_as_a_city(source):
    source.expect_request("/v1/search", query_string={
        "name": "ardara", "count": "10", "language": "en", "format": "json"
    }).respond_with_json({"results": [ARDARA], "generationtime_ms": 0.4})  # fmt: skip

    row = ask()

    (city,) = read_cities(row)
    assert (city.name, city.region, city.country) == ("Ardara", "Ulster", "IE")
    assert (city.latitude, city.longitude, city.time_zone) == (54.7664, -8.4092, "Europe/Dublin")
    assert (row.answered_at, row.error) == (NOON, "")
    assert SourceCalls.objects.first().used == 1


def test_no_match_has_no_results_at_all(source):
    source.expect_request("/v1/search").respond_with_json({"generationtime_ms": 0.4})

    row = ask()

    assert (row.cities, row.error) == ([], "")


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_a_refusal_is_stored_and_asked_again_later(source, status):
    source.expect_request("/v1/search").respond_with_json(
        {"error": True, "reason": "No."}, status=status
    )

    row = ask()

    assert row.error
    assert not row.is_over(NOON + FAILURE_KEPT_FOR - timedelta(seconds=1))
    assert row.is_over(NOON + FAILURE_KEPT_FOR)


def test_used_up_allowance_asks_nothing(source, settings):
    settings.OPEN_METEO_DAILY_CALLS = 1

    row = ask()

    assert "allowance" in row.error
    assert source.log == []


def test_an_answer_is_looked_up_once(source):
    source.expect_oneshot_request("/v1/search").respond_with_json({"results": [ARDARA]})
    row = ask()
    look_up(row.pk, now=NOON)
    look_up(999_999, now=NOON)

    assert len(source.log) == 1
    assert Geocoding.objects.ask("ardara", now=NOON + timedelta(days=1)) is None


def test_who_was_never_answered_may_be_asked_for_again(db):
    first = Geocoding.objects.ask("ardara", now=NOON)

    assert first is not None
    assert Geocoding.objects.ask("ardara", now=NOON + timedelta(seconds=9)) is None
    assert Geocoding.objects.ask("ardara", now=NOON + UNANSWERED_FOR) is not None


def test_old_answers_are_forgotten(db):
    Geocoding.objects.ask("old", now=NOON - KEPT_FOR - timedelta(hours=1))
    Geocoding.objects.ask("new", now=NOON)
    Geocoding.objects.forget_old(now=NOON)

    assert [row.name for row in Geocoding.objects.all()] == ["new"]


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b'{"results": 3}', b"\xff", b"[" * 100_000])
def test_a_garbled_answer_is_an_error(body):
    with pytest.raises(SourceGarbledError):
        parse_cities(body)


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": 91},
        {"latitude": "54"},
        {"latitude": True},
        {"longitude": None},
        {"longitude": float("nan")},
        {"name": ""},
        {"name": 7},
        {"timezone": "Mars/Base"},
        {"timezone": ["x"]},
    ],
)
def test_what_is_no_whole_place_is_left_out(wrong):
    body = json.dumps({"results": [ARDARA | wrong, 5, None, ARDARA]}).encode()

    assert len(parse_cities(body)) == 1


def test_texts_are_one_line_and_short():
    body = json.dumps({"results": [ARDARA | {"name": "A\n\0b" + "x" * 500, "admin1": 5}]}).encode()
    (city,) = parse_cities(body)

    assert city.name.startswith("Abxxx")
    assert len(city.name) == 80
    assert city.region == ""


def test_no_more_than_ten_are_taken():
    assert len(parse_cities(json.dumps({"results": [ARDARA] * 50}).encode())) == 10
