"""Several people at the same moment, on connections of their own."""

from __future__ import annotations

import pytest

from tests.factories import NOON, make_place, make_readings
from tests.together import do_at_once
from weatherapp.forecasting.asking import allowance, tickets
from weatherapp.models import PredictionRequest, RequestState, Ticket

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4


@pytest.fixture
def place(broker):
    place = make_place()
    make_readings(place)
    return place


def ask(place):
    return lambda: tickets.ask(place, now=NOON)


def test_all_share_one_request(place):
    asked = do_at_once(*[ask(place)] * PEOPLE)

    assert [ticket.state for ticket in asked] == [RequestState.WAITING] * PEOPLE
    assert PredictionRequest.objects.count() == 1
    assert Ticket.objects.count() == PEOPLE


def test_who_asks_while_another_cancels_gets_a_request_that_lives(place):
    leaving = tickets.ask(place, now=NOON)

    _, asked = do_at_once(lambda: tickets.cancel(leaving, now=NOON), ask(place))

    asked.refresh_from_db()
    assert asked.state == asked.request.state == RequestState.WAITING


def test_the_last_two_who_cancel_take_the_request_away(place):
    leaving = [tickets.ask(place, now=NOON) for _ in range(2)]

    do_at_once(*[lambda row=row: tickets.cancel(row, now=NOON) for row in leaving])

    assert PredictionRequest.objects.get().state == RequestState.CANCELLED


def test_nobody_gets_more_than_a_burst(settings):
    settings.PREDICT_NOW_BURST = 2

    results = do_at_once(*[lambda: allowance.spend("alice", now=NOON)] * PEOPLE)

    refused = [error for error in results if isinstance(error, allowance.TooManyRequestsError)]
    assert len(refused) == PEOPLE - 2
    assert results.count(None) == 2
