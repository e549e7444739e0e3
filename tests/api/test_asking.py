"""How a request is understood: parameters, methods, media types. Nothing is guessed."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_place, make_readings, make_rule, storm_gusts

pytestmark = pytest.mark.django_db


def read_problem(response, status=400):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "no-store" in response["Cache-Control"]
    problem = response.json()
    assert (problem["status"], problem["type"][:28]) == (status, "http://testserver/api/#probl")
    return problem


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("severty=Severe", "severty", "not known"),
        ("limit=0", "limit", "at least 1"),
        ("limit=201", "limit", "at most 200"),
        ("limit=ten", "limit", "a whole number"),
        ("limit=1e2", "limit", "a whole number"),
        ("limit=١٠", "limit", "a whole number"),  # noqa: RUF001 - digits of another script
        ("limit=", "limit", "a whole number"),
        ("limit=1&limit=2", "limit", "more than once"),
        ("severity=severe", "severity", "one of: Minor"),
        ("state=GONE", "state", "one of: OPEN, OVER"),
        ("since=2026-01-01", "since", "a time with its offset"),
        ("since=2026-02-30T00:00:00Z", "since", "a time with its offset"),
        ("since=2026-01-01T00:00:00", "since", "a time with its offset"),
        ("since=0001-01-01T00:00:00%2B14:00", "since", "a time with its offset"),
        ("bbox=1,2,3", "bbox", "west,south,east,north"),
        ("bbox=1,nan,3,4", "bbox", "west,south,east,north"),
        ("bbox=1,50,3,40", "bbox", "south first"),
        ("bbox=1,50,181,60", "bbox", "south first"),
        ("place=9223372036854775808", "place", "at most"),
        ("tag=%00", "tag", "characters"),
        ("tag=" + "x" * 41, "tag", "40 characters"),
        ("lang=de", "lang", "one of: en, fr"),
        ("cursor=!", "cursor", "characters"),
        ("cursor=abc", "cursor", "`next`"),
        ("cursor=WyJ4Il0", "cursor", "`next`"),  # ["x"]
        ("cursor=Wy0xXQ", "cursor", "`next`"),  # [-1]
        ("cursor=W3RydWVd", "cursor", "`next`"),  # [true]
        ("cursor=WzEsMl0", "cursor", "`next`"),  # [1,2]
    ],
)
def test_a_wrong_parameter_is_named(program, query, parameter, detail):
    problem = read_problem(program.get(f"/alerts?{query}"))

    assert problem["code"] == "wrong_parameter"
    (error,) = problem["errors"]
    assert error["parameter"] == parameter
    assert detail in error["detail"]


@pytest.mark.parametrize("query", ["lat=1", "lon=1", "radius_km=5", "lat=91&lon=0", "country=IRL"])
def test_a_position_is_whole_and_on_earth(program, query):
    assert read_problem(program.get(f"/places?{query}"))["errors"]


def test_what_takes_no_parameters_refuses_all(program):
    problem = read_problem(program.get("/sources/weather?x=1"))

    assert "Known are: none." in problem["detail"]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200),
        ("application/json", 200),
        ("application/*;q=0.1", 200),
        ("application/problem+json", 200),
        ("text/html, */*;q=0.8", 200),
        ("text/html", 406),
        ("application/xml", 406),
    ],
)
def test_only_json_is_spoken(program, accept, status):
    response = program.get("/places", Accept=accept)

    assert response.status_code == status
    if status == 406:
        assert read_problem(response, 406)["code"] == "not_acceptable"


@pytest.mark.parametrize(
    ("path", "method", "allow"),
    [
        ("/alerts", "POST", "GET, HEAD, OPTIONS"),
        ("/places", "DELETE", "GET, HEAD, OPTIONS, POST"),
        ("/places/1", "PUT", "GET, HEAD, OPTIONS, PATCH"),
        ("/places/1/predictions", "GET", "OPTIONS, POST"),
        ("/alerts", "BREW", "GET, HEAD, OPTIONS"),
    ],
)
def test_another_method_is_told_which_there_are(program, path, method, allow):
    response = program.call(method, path)

    assert read_problem(response, 405)["code"] == "method_not_allowed"
    assert response["Allow"] == allow


def test_an_address_that_is_none_is_a_problem_too(client):
    response = client.get("/api/v1/nothing")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"


def test_a_page_of_another_site_may_read_and_not_write(program):
    response = program.call("OPTIONS", "/places", Origin="https://other.example")

    assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Authorization" not in response["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in response
    only_post = program.call("OPTIONS", "/places/1/predictions")
    assert "Access-Control-Allow-Methods" not in only_post


def test_head_tells_the_same_without_a_body(program):
    make_place()
    got, head = program.get("/places"), program.call("HEAD", "/places")

    assert head.status_code == 200
    assert head["ETag"] == got["ETag"]
    assert head.content == b""


def test_answers_are_packed_for_who_can_unpack_them(program):
    place = make_place()
    make_readings(place)
    response = program.get(f"/places/{place.pk}/readings", **{"Accept-Encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]


def test_no_cookie_counts_and_none_is_set(program):
    rule = make_rule(says=storm_gusts())
    plain = program.get(f"/rules/{rule.pk}").json()
    program.client.cookies["language"] = "fr"
    program.client.cookies["units"] = "us"
    before = dict(program.client.cookies)

    assert program.get(f"/rules/{rule.pk}", **{"Accept-Language": "fr"}).json() == plain
    french = program.get(f"/rules/{rule.pk}?lang=fr")

    assert french.json()["sentence"] != plain["sentence"]
    assert "Set-Cookie" not in french
    assert not french.cookies
    assert dict(program.client.cookies) == before


def test_an_error_of_the_site_is_a_problem_without_a_detail(monkeypatch):
    def fail(*_):
        raise RuntimeError("secret")

    monkeypatch.setattr("weatherapp.api.resources.place.see_places", fail)
    response = Client(raise_request_exception=False).get("/api/v1/places")

    assert response.status_code == 500
    assert response.json()["code"] == "server_error"
    assert b"secret" not in response.content
