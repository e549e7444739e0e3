"""From a stranger's address to a confirmed subscription, and out again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.signing import Signer

from tests.factories import NOON, make_place, make_subscription
from weatherapp.delivery import confirmations, subscriptions
from weatherapp.delivery.email import MailServerError
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
    return confirmations.due(now=now, limit=10)


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
    confirmations.send(subscription.pk, now=NOON)

    subscribe(place, now=NOON + wait)

    assert due_ids(NOON + wait) == ([subscription.pk] if asked_again else [])


# The question


def test_question_is_sent_once(place):
    subscription = subscribe(place)

    confirmations.send(subscription.pk, now=NOON)
    confirmations.send(subscription.pk, now=NOON + DAY)

    subscription.refresh_from_db()
    assert len(mail.outbox) == 1
    assert subscription.confirmation_sent_at == NOON


def test_claimed_question_is_left_alone_until_its_lease_ends(place, settings):
    subscription = subscribe(place)
    lease_ends_at = NOON + settings.DELIVERY_LEASE
    subscription.claim_confirmation(now=NOON, until=lease_ends_at)

    confirmations.send(subscription.pk, now=lease_ends_at - MINUTE)
    early = len(mail.outbox)
    confirmations.send(subscription.pk, now=lease_ends_at)

    assert (early, len(mail.outbox)) == (0, 1)
    assert due_ids(NOON + DAY) == []


def test_question_of_a_subscription_that_is_gone_is_not_sent(place):
    subscription = subscribe(place)
    subscription.delete()

    confirmations.send(subscription.pk, now=NOON)

    assert mail.outbox == []


def test_who_confirmed_meanwhile_is_not_asked(place):
    subscription = subscribe(place)
    Subscription.objects.update(confirmed_at=NOON)

    confirmations.send(subscription.pk, now=NOON)

    assert mail.outbox == []
    assert due_ids() == []


def test_question_waits_longer_each_time_and_is_dropped_after_three_days(place, mail_server):
    subscription = subscribe(place)
    mail_server.answers["GREETING"] = "421 closed"
    now, tries = NOON, 0

    while due_ids(now):
        with pytest.raises(MailServerError):
            confirmations.send(subscription.pk, now=now)
        subscription.refresh_from_db()
        tries += 1
        assert due_ids(now) == []
        now = subscription.confirmation_due_at or now

    assert 3 * DAY <= now - NOON < 6 * DAY
    assert tries < 20
    assert subscription.confirmation_sent_at is None


def test_question_that_is_refused_for_good_is_dropped(place, mail_server):
    subscription = subscribe(place)
    mail_server.answers["RCPT"] = "550 no such user"

    confirmations.send(subscription.pk, now=NOON)

    assert due_ids(NOON + DAY) == []


def test_question_goes_out_when_the_server_is_back(place, mail_server):
    subscription = subscribe(place)
    mail_server.answers["RCPT"] = "451 greylisted"
    with pytest.raises(MailServerError):
        confirmations.send(subscription.pk, now=NOON)
    mail_server.answers.clear()

    assert due_ids(NOON + MINUTE) == [subscription.pk]
    confirmations.send(subscription.pk, now=NOON + MINUTE)

    assert len(mail_server.mails) == 1


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
    confirmations.send(subscription.pk, now=NOON + DAY)
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
