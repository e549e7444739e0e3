"""From a stranger's address to a confirmed subscription, and out again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.signing import Signer

from tests.delivery.sending import send_one
from tests.factories import NOON, make_place, make_subscription
from weatherapp.delivery import confirmations, subscriptions
from weatherapp.models import Place, Subscription

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def place() -> Place:
    return make_place()


def subscribe(place: Place, email: str = "reader@example.org", **when) -> Subscription:
    return subscriptions.subscribe(place, email=email, now=when.get("now", NOON))


def due_ids(now=NOON) -> list[int]:
    return confirmations.due(now=now, has_failed=False, limit=10)


# Asking


def test_stranger_is_asked_to_confirm(place):
    subscription = subscribe(place)

    assert not subscription.is_confirmed
    assert due_ids() == [subscription.pk]


@pytest.mark.parametrize("email", ["READER@example.org", " reader@EXAMPLE.org "])
def test_same_address_is_the_same_subscription(place, email):
    first = subscribe(place)

    assert subscribe(place, email).pk == first.pk
    assert Subscription.objects.count() == 1


def test_name_before_the_at_is_kept_as_written(place):
    assert subscribe(place, " Jane.Doe@Example.ORG ").email == "Jane.Doe@example.org"


def test_same_address_may_watch_two_places(place):
    assert subscribe(place).pk != subscribe(make_place(name="Cork")).pk


def test_confirmed_reader_is_not_asked_again(place):
    make_subscription(place)

    subscription = subscribe(place, now=NOON + DAY)

    assert subscription.is_confirmed
    assert due_ids(NOON + DAY) == []


@pytest.mark.parametrize(
    ("wait", "asked_again"),
    [
        pytest.param(9 * MINUTE, False, id="a moment ago"),
        pytest.param(10 * MINUTE, True, id="ten minutes ago"),
    ],
)
def test_no_mailbox_gets_two_questions_within_ten_minutes(place, wait, asked_again):
    subscription = subscribe(place)
    send_one(confirmations.send, subscription.pk, now=NOON)

    subscribe(place, now=NOON + wait)

    assert due_ids(NOON + wait) == ([subscription.pk] if asked_again else [])


# Yes, and no


@pytest.mark.parametrize(
    ("age", "in_time"),
    [pytest.param(3 * DAY, True, id="3 days"), pytest.param(3 * DAY + MINUTE, False, id="later")],
)
def test_question_may_be_answered_within_three_days(place, age, in_time):
    subscription = make_subscription(place, confirmed_at=None, confirmation_sent_at=NOON)

    if in_time:
        subscriptions.confirm(subscription, now=NOON + age)
    else:
        with pytest.raises(subscriptions.BadToken, match="3 days"):
            subscriptions.confirm(subscription, now=NOON + age)

    subscription.refresh_from_db()
    assert subscription.is_confirmed is in_time


def test_confirming_twice_keeps_the_first_time(place):
    subscription = make_subscription(place, confirmation_sent_at=NOON)

    subscriptions.confirm(subscription, now=NOON + 30 * DAY)

    subscription.refresh_from_db()
    assert subscription.confirmed_at == NOON


def test_farewell_ends_it_and_the_owed_question(place):
    subscription = subscribe(place)

    subscriptions.unsubscribe(subscription, now=NOON + MINUTE)
    subscriptions.unsubscribe(subscription, now=NOON + DAY)

    subscription.refresh_from_db()
    assert subscription.unsubscribed_at == NOON + MINUTE
    assert due_ids(NOON + DAY) == []


def test_who_left_may_come_back(place):
    subscription = make_subscription(place)
    subscriptions.unsubscribe(subscription, now=NOON)

    subscribe(place, now=NOON + DAY)
    send_one(confirmations.send, subscription.pk, now=NOON + DAY)
    subscription.refresh_from_db()
    subscriptions.confirm(subscription, now=NOON + DAY)

    subscription.refresh_from_db()
    assert subscription.is_confirmed
    assert len(mail.outbox) == 1


# Links


def test_token_names_its_subscription(place):
    subscription = make_subscription(place)

    token = subscriptions.make_token(subscription)

    assert subscriptions.read_token(token) == subscription


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda token: "", id="empty"),
        pytest.param(lambda token: token[:-1], id="cut off"),
        pytest.param(lambda token: "9" + token, id="another number"),
        pytest.param(lambda token: token.split(":")[0], id="no signature"),
        pytest.param(lambda token: Signer().sign("1"), id="signed for something else"),
        pytest.param(lambda token: "\x00é", id="garbage"),
    ],
)
def test_forged_token_is_refused(place, forge):
    token = subscriptions.make_token(make_subscription(place))

    with pytest.raises(subscriptions.BadToken):
        subscriptions.read_token(forge(token))


def test_token_of_a_deleted_subscription_is_refused(place):
    subscription = make_subscription(place)
    token = subscriptions.make_token(subscription)
    subscription.delete()

    with pytest.raises(subscriptions.BadToken):
        subscriptions.read_token(token)
