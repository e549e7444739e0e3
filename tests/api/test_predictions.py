"""The same for programs: JSON, no cookies, states and errors by number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.factories import NOON, make_answer, make_place, make_readings
from tests.forecasting.asked import record_answer
from weatherapp.forecasting.asking.queue_status import Broker
from weatherapp.models import PredictionRequest, RequestState, Scope, Ticket

pytestmark = pytest.mark.django_db
NOBODYS = "6b6e8a3d-df84-4265-be15-71f2f625f0e9"


@pytest.fixture(autouse=True)
def predictors(redis):
    redis(Broker(predictors_alive=2))


@pytest.fixture
def client():
    """A program: it has no cookies, and would be refused where a form's token is needed."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def place():
    place = make_place()
    make_readings(place)
    return place


def ask(client, place):
    return client.post(f"/api/v1/places/{place.pk}/predictions")


def test_asking_is_accepted_and_says_where_to_look(client, place):
    response = ask(client, place)
    ticket = Ticket.objects.get()

    assert response.status_code == 202
    assert response["Location"] == f"http://testserver/api/v1/predictions/{ticket.pk}"
    assert response.json() == {
        "id": str(ticket.pk),
        "state": "WAITING",
        "place": {"id": place.pk, "name": "Dublin"},
        "position": 1,
        "estimated_seconds": None,
        "predictors_alive": 2,
        "created_at": "2026-01-01T12:00:00Z",
        "expires_at": "2026-01-01T13:00:00Z",
        "error": None,
        "result": None,
        "url": response["Location"],
        "cancel_url": f"{response['Location']}/cancel",
        "page": f"http://testserver/predictions/{ticket.pk}/",
    }


def test_who_asks_again_is_told_that_nothing_has_changed(
    client, place, django_assert_max_num_queries
):
    ask(client, place)
    ticket = Ticket.objects.get()
    address = f"/api/v1/predictions/{ticket.pk}"
    waiting = client.get(address)
    record_answer(ticket.request_id, make_answer(), now=NOON)

    answered = client.get(address, headers={"If-None-Match": waiting["ETag"]})
    with django_assert_max_num_queries(2):
        again = client.get(address, headers={"If-None-Match": answered["ETag"]})

    assert (waiting.status_code, answered.status_code, again.status_code) == (200, 200, 304)
    assert answered.json()["state"] == "ANSWERED"
    assert answered["ETag"] == again["ETag"]
    assert again.content == b""
    assert "no-cache" in answered["Cache-Control"]


def test_what_is_refused_is_kept_by_no_cache(client):
    assert "no-store" in client.get(f"/api/v1/predictions/{NOBODYS}")["Cache-Control"]


def test_the_address_tells_the_answer(client, place):
    address = ask(client, place)["Location"]
    answer = make_answer(probability_any_6h=0.72, probability_any_24h=0.9)
    record_answer(Ticket.objects.get().request_id, answer, now=NOON)

    told = client.get(address).json()

    assert told["state"] == "ANSWERED"
    assert told["position"] is None
    assert told["result"] == {
        "window_end_at": "2026-01-01T12:00:00Z",
        "hourly_probability": [0.05] * 24,
        "probability_any_6h": pytest.approx(0.72),
        "probability_any_24h": pytest.approx(0.9),
        "model_hourly_probability": [0.05] * 24,
        "blend": None,
        "model_name": "rain_mini",
        "model_version": "test",
        "answered_at": "2026-01-01T12:00:00Z",
    }


def test_two_requests_of_one_hour_share_one_answer(client, place):
    addresses = [ask(client, place)["Location"] for _ in range(2)]
    record_answer(PredictionRequest.objects.get().pk, make_answer(), now=NOON)

    first, second = (client.get(address).json() for address in addresses)

    assert first["id"] != second["id"]
    assert first["result"] == second["result"] is not None


def test_a_refusal_names_its_error(client):
    told = ask(client, make_place()).json()

    assert told["state"] == "REFUSED"
    assert told["error"]["name"] == "ContractError"
    assert "no readings" in told["error"]["message"]


def test_cancelling(client, place):
    told = ask(client, place).json()

    cancelled = client.post(told["cancel_url"])
    record_answer(Ticket.objects.get().request_id, make_answer(), now=NOON)

    assert cancelled.status_code == 200
    assert cancelled.json()["state"] == "CANCELLED"
    assert client.get(told["url"]).json()["state"] == "CANCELLED"
    assert client.get(told["url"]).json()["result"] is None


def test_cancelling_too_late_is_a_conflict(client, place):
    told = ask(client, place).json()
    record_answer(Ticket.objects.get().request_id, make_answer(), now=NOON)

    response = client.post(told["cancel_url"])

    assert response.status_code == 409
    assert response.json()["code"] == "too_late"
    assert PredictionRequest.objects.get().state == RequestState.ANSWERED


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("post", "/api/v1/places/999/predictions", 404, id="no such place"),
        pytest.param("get", f"/api/v1/predictions/{NOBODYS}", 404, id="no such request"),
        pytest.param("post", f"/api/v1/predictions/{NOBODYS}/cancel", 404, id="nothing to cancel"),
        pytest.param("get", "/api/v1/places/1/predictions", 405, id="asking is a POST"),
        pytest.param("get", f"/api/v1/predictions/{NOBODYS}/cancel", 405, id="so is cancelling"),
    ],
)
def test_mistakes_have_their_number(client, method, path, status):
    response = getattr(client, method)(path)

    assert response.status_code == status
    if status == 404:
        assert response.json()["code"] == "not_found"


def test_a_place_that_is_switched_off_is_not_found(client):
    assert ask(client, make_place(is_active=False)).status_code == 404


def test_too_many_requests_are_told_to_wait(client, place, settings):
    settings.PREDICT_NOW_BURST = 1
    settings.PREDICT_NOW_EVERY = timedelta(seconds=7)
    ask(client, place)

    refused = ask(client, place)

    assert refused.status_code == 429
    assert refused["Retry-After"] == "7"
    assert refused.json()["code"] == "too_many_requests"


def test_looking_and_cancelling_cost_nothing(client, place, settings):
    settings.PREDICT_NOW_BURST = 1
    told = ask(client, place).json()

    for _ in range(5):
        assert client.get(told["url"]).status_code == 200
    assert client.post(told["cancel_url"]).status_code == 200


def test_a_key_that_allows_it_may_ask_more_often(make_program, place, settings):
    settings.PREDICT_NOW_BURST = 1
    path = f"/places/{place.pk}/predictions"
    with_key, reader = make_program(Scope.TICKETS), make_program(Scope.READ)

    asked = [with_key.post(path).status_code for _ in range(11)]

    assert asked == [202] * 10 + [429]
    assert [reader.post(path).status_code for _ in range(2)] == [202, 429]


def test_the_page_is_for_people_alone(client, place):
    page = ask(client, place).json()["page"]

    response = client.get(page, headers={"Accept": "application/json"})

    assert response["Content-Type"] == "text/html; charset=utf-8"
