"""Errors as programs read them, and as people do who opened a form's address."""

from __future__ import annotations

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client

from tests.factories import make_place
from tests.pages.markup import read
from weatherapp.pages.errors import errors_middleware, is_for_programs

NO_ID = "00000000-0000-0000-0000-000000000000"


def read_error(response):
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "code", "detail"}
    assert body["type"] == f"http://testserver/api/#problem-{body['code']}"
    assert body["status"] == response.status_code
    assert body["detail"].endswith(".")
    return body["code"]


@pytest.mark.parametrize(
    "path", ["/api/v1", "/api/v1/", "/api/v1/no-such", "/api/v1/places/", "/queue-status/x"]
)
def test_an_unknown_address_for_programs_is_404_in_json(db, client, path):
    response = client.get(path)

    assert response.status_code == 404
    assert read_error(response) == "not_found"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("get", "/api/v1/places/1/predictions", "OPTIONS, POST"),
        ("delete", f"/api/v1/predictions/{NO_ID}", "GET, HEAD, OPTIONS"),
        ("get", f"/api/v1/predictions/{NO_ID}/cancel", "OPTIONS, POST"),
        ("post", "/queue-status", "GET, HEAD"),
    ],
)
def test_another_method_is_405_in_json_and_says_which_are_allowed(db, client, method, path, allow):
    response = getattr(client, method)(path)

    assert response.status_code == 405
    assert response["Allow"] == allow
    assert read_error(response) == "method_not_allowed"
    assert int(response["Content-Length"]) == len(response.content)


def test_an_exception_is_500_in_json_and_tells_no_detail(db, monkeypatch):
    def fail(**_):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("weatherapp.pages.queue_view.read_status", fail)
    response = Client(raise_request_exception=False).get("/queue-status")

    assert response.status_code == 500
    assert read_error(response) == "server_error"
    assert "secret detail" not in response.content.decode()
    assert "Content-Security-Policy" in response.headers  # what others have set stays


def test_an_unknown_host_is_400_in_json():
    response = Client(headers={"host": "evil.example"}).get("/queue-status")

    assert response.status_code == 400
    assert read_error(response) == "bad_request"


def test_a_refused_form_is_403_in_json(rf):
    answer = errors_middleware(lambda _: HttpResponse("<h1>no</h1>", status=403))

    response = answer(rf.post("/api/v1/x"))

    assert response.status_code == 403
    assert b"forbidden" in response.content


@pytest.mark.parametrize(
    ("status", "word"), [(413, b"too_large"), (418, b"bad_request"), (502, b"server_error")]
)
def test_every_status_has_a_word(rf, status, word):
    answer = errors_middleware(lambda _: HttpResponse(status=status))

    assert word in answer(rf.get("/queue-status")).content


def test_an_api_answer_that_knows_better_stays(db, client):
    response = client.post("/api/v1/places/99999/predictions")

    assert response.status_code == 404
    assert response.json()["detail"] == "There is no such place, or no longer."


def test_a_file_that_is_not_to_be_posted_to_stays_as_it_is(rf):
    given = StreamingHttpResponse([], status=405)

    assert errors_middleware(lambda _: given)(rf.post("/static/css/base.css")) is given


@pytest.mark.parametrize(("name", "anchor"), [("subscribe", "#subscribe"), ("predict", "")])
def test_the_address_of_a_places_form_leads_back_to_the_place(db, client, name, anchor):
    place = make_place(is_active=name == "subscribe")
    response = client.get(f"/places/{place.pk}/{name}", follow=True)

    assert response.redirect_chain == [(f"{place.get_absolute_url()}{anchor}", 303)]
    assert response.status_code == 200
    assert client.get(f"/places/{place.pk + 1}/{name}").status_code == 404
    assert client.put(f"/places/{place.pk}/{name}").status_code in (403, 405)


def test_another_form_leads_to_the_start(client):
    response = client.get(f"/predictions/{NO_ID}/cancel")

    assert response.status_code == 405
    assert read(response.content.decode()).mistakes == []
    assert "All places and alerts" in response.content.decode()
    assert "/places/" not in response.content.decode()


def test_errors_for_people_stay_pages(db, client):
    response = client.get("/nothing-here")

    assert response["Content-Type"].startswith("text/html")
    assert "Page not found" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1", True),
        ("/queue-status", True),
        ("/apiary", False),
        ("/queue-statuses", False),
        ("/", False),
    ],
)
def test_whose_an_address_is(path, expected):
    assert is_for_programs(path) is expected
