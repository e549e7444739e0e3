from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from kombu.exceptions import OperationalError

from predictor import contract
from tests.factories import (
    NOON,
    make_answer,
    make_place,
    make_prediction,
    make_readings,
    make_request,
)
from weatherapp.forecasting.asking import requests
from weatherapp.forecasting.asking.answers import record_answer
from weatherapp.models import Prediction, PredictionRequest, RequestState

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def sent():
    with patch.object(requests.current_app, "send_task") as send_task:
        yield send_task


def ask(place, now=NOON):
    return requests.request_prediction(place, now=now)


def test_the_message_is_what_the_contract_says(sent, django_capture_on_commit_callbacks):
    place = make_place()
    make_readings(place, precipitation_mm=None)

    with django_capture_on_commit_callbacks(execute=True):
        request = ask(place)

    (name,), message = sent.call_args.args, sent.call_args.kwargs
    window = contract.parse_window(message["kwargs"]["schema_version"], message["kwargs"]["window"])
    assert name == contract.TASK_NAME
    assert message["queue"] == contract.SCHEDULE_QUEUE
    assert message["kwargs"]["request_id"] == message["task_id"] == str(request.pk)
    assert message["link"].task == "weatherapp.tasks.record_prediction"
    assert message["link"].options["queue"] == "default"
    assert window.window_end_at == NOON
    assert window.hours[0] == (12.0, 9.0, 1012.0, 4.0, 220.0, None)
    request.refresh_from_db()
    assert request.sent_at == NOON


def test_an_hour_is_asked_once(sent):
    place = make_place()
    make_readings(place)

    assert ask(place) == ask(place, NOON + timedelta(minutes=30))
    assert PredictionRequest.objects.count() == 1


def test_after_a_refusal_the_hour_may_be_asked_again(sent):
    place = make_place()
    make_readings(place)
    refused = ask(place)
    PredictionRequest.objects.update(state=RequestState.REFUSED)

    assert ask(place) != refused


def test_gaps_are_sent_as_unknown_and_the_window_ends_at_the_newest_reading(sent):
    place = make_place()
    readings = make_readings(place, until=NOON - HOUR)
    readings[5].delete()

    request = ask(place)

    assert request.window_end_at == NOON - HOUR
    assert request.window["hours"][5] == [None] * 6
    assert request.window["hours"][6][0] == 12.0


def test_readings_of_the_future_are_not_sent(sent):
    place = make_place()
    make_readings(place, until=NOON + 3 * HOUR, hours=27)

    assert ask(place).window_end_at == NOON


@pytest.mark.parametrize(
    ("hours", "values"),
    [
        pytest.param(0, {}, id="no readings"),
        pytest.param(2, {}, id="too few hours"),
        pytest.param(24, {"temperature_c": 288.0}, id="kelvin"),
    ],
)
def test_what_breaks_the_contract_is_stored_as_refused_and_not_sent(sent, hours, values):
    place = make_place()
    make_readings(place, hours=hours, **values)

    request = ask(place)
    again = ask(place)

    assert request.state == RequestState.REFUSED
    assert request.error == "ContractError"
    assert request.error_message
    assert again == request
    sent.assert_not_called()


def test_a_broken_queue_leaves_the_request_to_be_sent_later(
    django_capture_on_commit_callbacks, caplog
):
    place = make_place()
    make_readings(place)

    with (
        patch.object(requests.current_app, "send_task", side_effect=OperationalError("no broker")),
        django_capture_on_commit_callbacks(execute=True),
    ):
        ask(place)

    assert PredictionRequest.objects.get(sent_at=None).state == RequestState.WAITING
    assert "no broker" in caplog.text


def test_requests_that_nobody_answered_expire():
    place = make_place()
    make_request(place, expires_at=NOON)
    make_request(place, window_end_at=NOON - HOUR, expires_at=NOON + HOUR)
    make_prediction(place, window_end_at=NOON - 2 * HOUR)

    assert requests.settle_overdue(now=NOON) == [place.pk]
    assert PredictionRequest.objects.get(state=RequestState.EXPIRED).finished_at == NOON
    assert requests.settle_overdue(now=NOON) == []


def test_an_answer_is_stored_once():
    place = make_place()
    request = make_request(place)

    first = record_answer(request.pk, make_answer(probability_any_6h=0.7), now=NOON)
    second = record_answer(request.pk, make_answer(probability_any_6h=0.1), now=NOON)

    assert first == second == place.pk
    assert Prediction.objects.get().probability_any_6h == 0.7
    request.refresh_from_db()
    assert (request.state, request.finished_at) == (RequestState.ANSWERED, NOON)


def test_a_refusal_is_visible_on_the_request():
    place = make_place()
    request = make_request(place)
    refusal = contract.Refusal("NoModelError", "No model is installed.").to_wire()

    record_answer(request.pk, refusal, now=NOON)

    request.refresh_from_db()
    assert request.state == RequestState.REFUSED
    assert (request.error, request.error_message) == ("NoModelError", "No model is installed.")
    assert not Prediction.objects.exists()


@pytest.mark.parametrize(
    "message",
    [
        pytest.param({}, id="empty"),
        pytest.param(make_answer() | {"schema_version": 0}, id="another version"),
        pytest.param(make_answer() | {"probability_any_6h": 1.5}, id="no probability"),
        pytest.param(make_answer() | {"hourly_probability": [0.5]}, id="too few hours"),
    ],
)
def test_an_answer_that_breaks_the_contract_is_refused_and_nothing_is_stored(message):
    request = make_request(make_place())

    record_answer(request.pk, message, now=NOON)

    request.refresh_from_db()
    assert (request.state, request.error) == (RequestState.REFUSED, "ContractError")
    assert not Prediction.objects.exists()


def test_a_late_answer_is_better_than_none():
    place = make_place()
    request = make_request(place, state=RequestState.EXPIRED)

    record_answer(request.pk, make_answer(), now=NOON)

    assert Prediction.objects.get().request == request


def test_a_late_answer_does_not_displace_the_newer_requests():
    place = make_place()
    late = make_request(place, state=RequestState.EXPIRED)
    make_request(place)

    assert record_answer(late.pk, make_answer(), now=NOON) == place.pk
    assert not Prediction.objects.exists()


def test_an_answer_that_nobody_asked_for_is_dropped():
    assert record_answer(uuid4(), make_answer(), now=NOON) is None
