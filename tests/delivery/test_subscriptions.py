"""From a stranger's address to a confirmed subscription, and out again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from tests.delivery.asking import due_ids, subscribe
from tests.delivery.sending import send_one
from tests.factories import NOON, make_place, make_subscription
from tests.together import do_at_once
from weatherapp.delivery import confirmations, subscriptions
from weatherapp.delivery.addresses import AddressError
from weatherapp.delivery.tokens import LEAVE, make_token
from weatherapp.models import Place, Subscription

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def place() -> Place:
    return make_place()


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


@pytest.mark.parametrize(
    "spelling", ["jane@bücher.example", "JANE@BÜCHER.example", "jane@xn--bcher-kva.example"]
)
def test_every_spelling_is_the_same_subscription(place, spelling):
    first = subscribe(place, "Jane@Bücher.example")

    assert subscribe(place, spelling).pk == first.pk
    assert first.email == "Jane@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "email", ["v\u0131ctim@example.org", "a@xn--ü.com", "a@" + "İ" * 99 + ".org"]
)
def test_what_is_no_address_is_not_stored(place, email):
    with pytest.raises(AddressError):
        subscribe(place, email)

    assert not Subscription.objects.exists()


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


@pytest.mark.django_db(transaction=True)
def test_two_visitors_at_once_cause_one_row_and_one_question(place):
    rows = do_at_once(
        *(
            lambda email=email: subscribe(place, email)
            for email in ("A@example.org", "a@example.org")
        )
    )

    assert rows[0].pk == rows[1].pk
    assert due_ids() == [rows[0].pk]


# Yes, and no


def test_confirming_twice_keeps_the_first_time(place):
    subscription = make_subscription(place)

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


def test_who_left_while_the_link_was_read_is_not_brought_back(place):
    subscription = make_subscription(place, confirmed_at=None)
    seen = Subscription.objects.get()
    subscriptions.unsubscribe(subscription, now=NOON)

    subscriptions.confirm(seen, now=NOON)

    assert not Subscription.objects.get().is_confirmed


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


# A fresh link to leave


def test_fresh_link_to_leave_is_mailed_once(place):
    subscription = make_subscription(place, created_at=NOON - 900 * DAY)

    for _ in range(3):
        subscriptions.ask_leave_link(subscription, now=NOON)
    (subscription_id,) = due_ids()
    send_one(confirmations.send, subscription_id)
    subscriptions.ask_leave_link(subscription, now=NOON + MINUTE)

    (sent,) = mail.outbox
    link = f"/subscriptions/{make_token(subscription, LEAVE, at=NOON)}/unsubscribe"
    assert link in sent.body
    assert link in sent.alternatives[0].content
    assert due_ids(NOON + DAY) == []
    assert Subscription.objects.get().is_confirmed


def test_fresh_link_waits_for_the_mail_server(place, mail_server):
    subscription = make_subscription(place, created_at=NOON - 900 * DAY)
    subscriptions.ask_leave_link(subscription, now=NOON)
    mail_server.answers["RCPT"] = "451 greylisted"

    send_one(confirmations.send, subscription.pk)

    assert due_ids(NOON + HOUR, has_failed=True) == [subscription.pk]


def test_who_gets_no_alerts_needs_no_link_to_leave(place):
    subscription = make_subscription(place, unsubscribed_at=NOON)

    subscriptions.ask_leave_link(subscription, now=NOON)

    assert due_ids() == []
