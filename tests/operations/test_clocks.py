"""What a clock that was three hours ahead, and is set right, leaves in the rows."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    make_alert,
    make_place,
    make_request,
    make_rule,
    make_subscription,
)
from tests.official.feeds import make_source
from weatherapp.health.clocks import list_bounds, mend_times
from weatherapp.models import (
    Alert,
    AlertChange,
    AlertState,
    Budget,
    Delivery,
    DeliveryState,
    OutgoingServer,
    Place,
    Prediction,
    PredictionRequest,
    RequestState,
    RuleState,
    Subscription,
)
from weatherapp.models.budget import Limit, TooManyRequestsError

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
AHEAD = NOON + 3 * HOUR


def make_delivery(place: Place, **fields) -> Delivery:
    rule = make_rule(place)
    alert = make_alert(rule)
    RuleState.objects.create(rule=rule, place=place, state="REARMING", since_at=NOON, check_at=NOON)
    usual = {"created_at": NOON, "due_at": NOON}
    return Delivery.objects.create(
        change=AlertChange.objects.get(alert=alert),
        subscription=make_subscription(place),
        **(usual | fields),
    )


def make_by_wrong_clock() -> Place:
    """All that can be too far ahead, as the site would have written it three hours from now."""
    place = make_place(
        next_refresh_at=AHEAD + HOUR,
        claimed_until=AHEAD + 5 * MINUTE,
        next_backfill_at=AHEAD + 24 * HOUR,
        fetched_at=AHEAD,
    )
    make_request(place, created_at=AHEAD, sent_at=AHEAD, expires_at=AHEAD + HOUR)
    make_source(next_poll_at=AHEAD + 24 * HOUR, claimed_until=AHEAD + 10 * MINUTE)
    make_delivery(place, due_at=AHEAD + HOUR, claimed_until=AHEAD + 10 * MINUTE)
    Alert.objects.update(raised_at=AHEAD, confirmed_at=AHEAD, check_at=AHEAD + 24 * HOUR)
    RuleState.objects.update(check_at=AHEAD + 24 * HOUR)
    Subscription.objects.update(
        confirmation_due_at=AHEAD + 72 * HOUR, confirmation_claimed_until=AHEAD + 10 * MINUTE
    )
    Budget.objects.create(limit="x", holder="y", tokens=0, counted_at=AHEAD, full_at=AHEAD)
    OutgoingServer.objects.create(
        name="mail", open_until=AHEAD + 15 * MINUTE, run_queued_until=AHEAD + MINUTE
    )
    return place


def test_plans_and_leases_that_a_wrong_clock_made_are_over(caplog):
    make_by_wrong_clock()

    with caplog.at_level(logging.WARNING):
        count = mend_times(now=NOON)

    assert count == len(list_bounds()) - 1  # a place either failed or did not
    place, request = Place.objects.get(), PredictionRequest.objects.get()
    assert list(Place.objects.due(NOON)) == [place]
    assert place.next_backfill_at == NOON
    assert (request.created_at, request.sent_at) == (NOON, NOON)
    assert request.expires_at == NOON + HOUR
    assert Delivery.objects.due(NOON).count() == 1
    subscription = Subscription.objects.get()
    assert subscription.claim_confirmation(now=NOON, until=NOON + HOUR)
    assert Alert.objects.due(NOON).get().confirmed_at == NOON
    assert RuleState.objects.due(NOON).count() == 1
    assert len([r for r in caplog.records if "was in the future" in r.getMessage()]) == count


def test_what_was_written_down_stays_written():
    place = make_by_wrong_clock()
    prediction = make_request(place, state=RequestState.ANSWERED, window_end_at=AHEAD)

    mend_times(now=NOON)

    assert Place.objects.get().fetched_at == AHEAD
    assert Alert.objects.get().raised_at == AHEAD
    assert AlertChange.objects.get().changed_at == NOON
    assert PredictionRequest.objects.get(pk=prediction.pk).window_end_at == AHEAD
    assert Prediction.objects.count() == 0


def test_mended_once_there_is_nothing_left_to_mend():
    make_by_wrong_clock()

    mend_times(now=NOON)

    assert mend_times(now=NOON + MINUTE) == 0


@pytest.mark.parametrize(
    ("fields", "is_mended"),
    [
        pytest.param({"next_refresh_at": NOON + 65 * MINUTE}, False, id="the next hour"),
        pytest.param({"next_refresh_at": NOON + 73 * MINUTE}, True, id="beyond it"),
        pytest.param(
            {"next_refresh_at": NOON + 24 * HOUR, "fetch_failures": 1}, False, id="told to wait"
        ),
        pytest.param(
            {"next_refresh_at": NOON + 25 * HOUR, "fetch_failures": 1}, True, id="for too long"
        ),
        pytest.param({"claimed_until": NOON + 6 * MINUTE}, False, id="a lease of another machine"),
        pytest.param({"claimed_until": NOON + 8 * MINUTE}, True, id="no lease is so long"),
        pytest.param({"next_backfill_at": NOON + 24 * HOUR}, False, id="a refused past"),
    ],
)
def test_a_place_may_be_planned_as_far_ahead_as_the_site_plans(fields, is_mended):
    make_place(**fields)

    assert mend_times(now=NOON) == (1 if is_mended else 0)


def test_what_is_over_is_left_alone():
    place = make_place()
    make_request(place, state=RequestState.EXPIRED, created_at=AHEAD, expires_at=AHEAD + 9 * HOUR)
    make_delivery(place, state=DeliveryState.SENT, due_at=AHEAD)
    Alert.objects.update(confirmed_at=AHEAD, state=AlertState.ENDED, ended_at=AHEAD)

    assert mend_times(now=NOON) == 0


def test_a_spent_budget_grows_back_from_now_on_not_in_three_hours():
    limit = Limit("predict now", burst=1, every=MINUTE)
    Budget.objects.spend((limit, "somebody"), now=AHEAD)
    with pytest.raises(TooManyRequestsError):
        Budget.objects.spend((limit, "somebody"), now=NOON + 2 * MINUTE)

    mend_times(now=NOON + 2 * MINUTE)

    Budget.objects.spend((limit, "somebody"), now=NOON + 4 * MINUTE)
    assert Budget.objects.get().counted_at == NOON + 4 * MINUTE


def test_it_takes_a_statement_a_line_of_the_list_however_many_rows():
    for number in range(30):
        make_place(name=f"Place {number}", next_refresh_at=AHEAD + HOUR)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        count = mend_times(now=NOON)

    assert count == 30
    assert len(queries) == len(list_bounds())
