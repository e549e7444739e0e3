"""Who is owed a mail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.delivery.owing import owe_mail
from tests.delivery.sending import add_change, send_one
from tests.factories import NOON, make_alert, make_place, make_rule, make_subscription
from weatherapp.delivery import outbox
from weatherapp.models import (
    Alert,
    ChangeReason,
    Delivery,
    Place,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def alert(place) -> Alert:
    return make_alert(make_rule(place))


def test_every_confirmed_subscriber_of_the_place_is_owed_a_mail(alert, place):
    expected = {make_subscription(place, email=f"{name}@example.org").pk for name in "ab"}
    make_subscription(place, email="not-confirmed@example.org", confirmed_at=None)
    make_subscription(place, email="gone@example.org", unsubscribed_at=NOON)
    make_subscription(make_place(name="Cork"), email="elsewhere@example.org")

    delivery_ids = outbox.enqueue([alert.changes.get().pk], now=NOON)

    told = set(Delivery.objects.values_list("subscription", flat=True))
    assert told == expected
    assert len(delivery_ids) == 2


def test_owing_twice_owes_once(alert, place):
    make_subscription(place)
    change_ids = [alert.changes.get().pk]

    first = outbox.enqueue(change_ids, now=NOON)
    second = outbox.enqueue(change_ids, now=NOON + MINUTE)

    assert first == second
    assert Delivery.objects.count() == 1


def test_what_was_sent_is_not_to_be_sent(alert):
    delivery = owe_mail(alert)
    send_one(outbox.send, delivery.pk, now=NOON)

    assert outbox.enqueue([delivery.change_id], now=NOON) == []


@pytest.mark.parametrize("reason", [reason for reason in ChangeReason if reason != "RAISED"])
def test_worse_and_over_are_worth_a_mail(alert, place, reason):
    make_subscription(place)
    change = add_change(alert, reason, at=NOON + 3 * HOUR)
    is_worth = change.is_end or reason == ChangeReason.ESCALATED

    assert len(outbox.enqueue([change.pk], now=NOON)) == is_worth


def test_many_changes_at_many_places_are_owed_with_few_queries(django_assert_num_queries):
    changes = []
    for number in range(30):
        place = make_place(name=f"Place {number}")
        make_subscription(place)
        changes.append(make_alert(make_rule(place)).changes.get().pk)

    with django_assert_num_queries(4):
        owed = outbox.enqueue(changes, now=NOON)

    assert len(owed) == 30


def test_no_changes_owe_nothing(alert):
    make_subscription(alert.place)

    assert outbox.enqueue([], now=NOON) == []
