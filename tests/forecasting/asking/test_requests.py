from datetime import timedelta
from uuid import uuid4

import pytest

from predictor import contract
from tests.factories import (
    NOON,
    make_answer,
    make_place,
    make_prediction,
    make_readings,
    make_request,
)
from tests.forecasting.asked import answer_message, record_answer
from weatherapp.forecasting.asking import requests
from weatherapp.forecasting.asking.answers import record_answers
from weatherapp.models import Prediction, PredictionRequest, RequestState

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def ask(*places, now=NOON):
    requests.request_predictions(list(places), now=now)


def test_an_hour_is_asked_once():
    place = make_place()
    make_readings(place)

    ask(place)
    ask(place, now=NOON + timedelta(minutes=30))

    request = PredictionRequest.objects.get()
    assert (request.window_end_at, request.state, request.sent_at) == (NOON, "WAITING", None)


def test_a_batch_costs_as_many_queries_as_one_place(django_assert_num_queries):
    places = [make_place(name=f"Place {number}") for number in range(20)]
    for place in places:
        make_readings(place)

    with django_assert_num_queries(5):  # two are the transaction's
        ask(*places)

    assert PredictionRequest.objects.count() == 20


def test_after_a_refusal_the_hour_may_be_asked_again():
    place = make_place()
    make_readings(place)
    ask(place)
    PredictionRequest.objects.update(state=RequestState.REFUSED)

    ask(place)

    assert PredictionRequest.objects.filter(state=RequestState.WAITING).count() == 1


def test_the_window_ends_at_the_newest_reading_that_is_not_of_the_future():
    old, ahead = make_place(name="Cork"), make_place()
    make_readings(old, until=NOON - HOUR)
    make_readings(ahead, until=NOON + 3 * HOUR, hours=27)

    ask(old, ahead)

    ends = dict(PredictionRequest.objects.values_list("place__name", "window_end_at"))
    assert ends == {"Cork": NOON - HOUR, "Dublin": NOON}


def test_a_place_without_readings_is_refused_once_and_the_others_are_asked():
    empty, full = make_place(name="Cork"), make_place()
    make_readings(full)

    for _ in range(2):
        ask(empty, full)

    refused = PredictionRequest.objects.get(place=empty)
    assert (refused.state, refused.error) == (RequestState.REFUSED, "ContractError")
    assert "no readings" in refused.error_message
    assert PredictionRequest.objects.get(place=full).state == RequestState.WAITING


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


def test_answers_of_one_message_are_stored_together_and_a_bad_one_alone_is_refused():
    places = [make_place(name=name) for name in ("Cork", "Dublin", "Galway")]
    asked = [make_request(place) for place in places]
    said = [make_answer(), make_answer(probability_any_6h=1.5), make_answer()]
    message = answer_message(
        **{str(request.pk): one for request, one in zip(asked, said, strict=True)}
    )

    assert record_answers(message, now=NOON) == [place.pk for place in places]

    states = PredictionRequest.objects.order_by("place__name").values_list("state", flat=True)
    assert list(states) == ["ANSWERED", "REFUSED", "ANSWERED"]
    assert Prediction.objects.count() == 2


@pytest.mark.parametrize("count", [1, 20])
def test_answers_cost_as_many_queries_however_many_they_are(count, django_assert_num_queries):
    asked = [make_request(make_place(name=f"Place {number}")) for number in range(count)]
    message = answer_message(**{str(request.pk): make_answer() for request in asked})

    with django_assert_num_queries(7):
        record_answers(message, now=NOON)

    assert Prediction.objects.count() == count


@pytest.mark.parametrize(
    "message", [{}, {"answers": 5}, {"answers": [7, {"request_id": "no id"}]}, None]
)
def test_a_message_that_says_nothing_changes_nothing(message):
    make_request(make_place())

    assert record_answers(message, now=NOON) == []

    assert PredictionRequest.objects.get().state == RequestState.WAITING
