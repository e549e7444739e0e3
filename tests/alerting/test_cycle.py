"""Facts arrive, rules are applied, people are owed mails: with and without the predictor."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import (
    NOON,
    make_answer,
    make_forecast,
    make_place,
    make_request,
    make_rule,
    make_subscription,
    rain_soon,
    storm_gusts,
)
from tests.forecasting.asked import answer_message
from weatherapp import tasks
from weatherapp.models import Alert, AlertChange, Delivery, PredictionRequest

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Set the time that tasks read."""

    def set_to(now):
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    set_to(NOON)
    return set_to


@pytest.fixture(autouse=True)
def queues(monkeypatch):
    """No broker: what is put on a queue stays in the rows."""
    monkeypatch.setattr(tasks, "queue_mails", lambda: None)
    monkeypatch.setattr("weatherapp.forecasting.asking.dispatch.top_up", lambda now: None)


def bring_gusts(monkeypatch, place, gust):
    """The next fetch brings a run with one such gust, three hours ahead."""

    def refresh(place_ids, *, now):
        column = [gust if lead == 3 else 3.0 for lead in range(1, 49)]
        make_forecast(place, hour_at=now, wind_gust_ms=column)
        return place_ids

    monkeypatch.setattr(tasks, "refresh", refresh)


def read_reasons():
    return list(AlertChange.objects.values_list("reason", flat=True))


def test_a_gale_rises_and_ends_while_the_predictor_is_down(monkeypatch, clock):
    place = make_place()
    make_subscription(place)
    make_rule(says=storm_gusts())
    make_rule(says=rain_soon(), name="Rain soon")
    for hour, gust in enumerate((20.0, 5.0)):
        clock(NOON + hour * HOUR)
        bring_gusts(monkeypatch, place, gust)
        tasks.refresh_places(place_ids=[place.pk])

    assert read_reasons() == ["RAISED", "CLEARED"]
    assert Delivery.objects.count() == 2
    assert not PredictionRequest.objects.filter(state="ANSWERED").exists()


def test_an_answer_is_stored_with_what_it_decides_and_whom_it_owes():
    place = make_place()
    make_subscription(place)
    make_rule(says=rain_soon())
    message = make_answer(probability_any_6h=0.9, probability_any_24h=0.9)
    request = make_request(place)

    for _ in range(2):  # queues deliver at least once
        tasks.record_predictions(answer_message(**{str(request.pk): message}))

    assert read_reasons() == ["RAISED"]
    assert Delivery.objects.count() == 1


def test_an_answer_whose_mails_cannot_be_owed_is_not_stored_either(monkeypatch):
    place = make_place()
    make_rule(says=rain_soon())
    request = make_request(place)

    sure = make_answer(probability_any_6h=0.9, probability_any_24h=0.9)

    def fail(changes, *, now):
        raise RuntimeError("no room")

    monkeypatch.setattr(tasks.outbox, "enqueue", fail)
    with pytest.raises(RuntimeError, match="no room"):
        tasks.record_predictions(answer_message(**{str(request.pk): sure}))

    request.refresh_from_db()
    assert request.state == "WAITING"
    assert not Alert.objects.exists()


def test_a_tick_ends_what_nothing_confirms_any_more(clock):
    place = make_place()
    make_subscription(place)
    make_rule(says=storm_gusts())
    make_forecast(place, wind_gust_ms=[20.0 if lead == 12 else 3.0 for lead in range(1, 13)])
    tasks.evaluate_places(place_ids=[place.pk])
    clock(NOON + 7 * HOUR)

    tasks.evaluate_due_places()
    tasks.evaluate_due_places()

    assert read_reasons() == ["RAISED", "NOT_CONFIRMED"]


def test_looking_for_what_is_due_costs_one_query(django_assert_num_queries):
    for number in range(20):
        make_place(name=f"Place {number}")
    make_rule(says=storm_gusts())

    with django_assert_num_queries(1):
        assert tasks.evaluation.find_due_places(now=NOON, limit=100) == []
