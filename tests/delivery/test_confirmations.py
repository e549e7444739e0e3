"""The mail that asks whether somebody means it: owed by a row, sent once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from tests.delivery.mail_server import HANG_UP
from tests.delivery.sending import MINUTE, send_one
from tests.factories import NOON, make_place, make_subscription
from weatherapp.delivery import confirmations, subscriptions
from weatherapp.delivery.email import MailServerError
from weatherapp.models import Subscription

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def asked() -> Subscription:
    """Somebody who waits for the mail."""
    return make_subscription(make_place(), confirmed_at=None, confirmation_due_at=NOON)


def due_ids(now=NOON, *, has_failed=False) -> list[int]:
    return confirmations.due(now=now, has_failed=has_failed, limit=10)


def is_owed(now) -> bool:
    return bool(due_ids(now) + due_ids(now, has_failed=True))


def test_question_is_sent_once(asked):
    send_one(confirmations.send, asked.pk)
    send_one(confirmations.send, asked.pk, now=NOON + DAY)

    asked.refresh_from_db()
    assert len(mail.outbox) == 1
    assert asked.confirmation_sent_at == NOON


def test_claimed_question_is_left_alone_until_its_lease_ends(asked, settings):
    lease_ends_at = NOON + settings.DELIVERY_LEASE
    asked.claim_confirmation(now=NOON, until=lease_ends_at)

    send_one(confirmations.send, asked.pk, now=lease_ends_at - MINUTE)
    early = len(mail.outbox)
    send_one(confirmations.send, asked.pk, now=lease_ends_at)

    assert (early, len(mail.outbox)) == (0, 1)
    assert not is_owed(NOON + DAY)


def test_question_of_a_subscription_that_is_gone_is_not_sent(asked):
    row_id = asked.pk
    asked.delete()

    assert not send_one(confirmations.send, row_id)
    assert mail.outbox == []


def test_who_confirmed_meanwhile_is_not_asked(asked):
    subscriptions.confirm(asked, now=NOON)

    send_one(confirmations.send, asked.pk)

    assert mail.outbox == []
    assert not is_owed(NOON)


def test_question_waits_longer_each_time_and_is_given_up_with_the_cause(
    asked, mail_server, settings
):
    mail_server.answers["RCPT"] = "451 not today"
    now, waits = NOON, []

    for _ in range(settings.DELIVERY_MAX_ATTEMPTS - 1):
        send_one(confirmations.send, asked.pk, now=now)
        asked.refresh_from_db()
        waits.append((asked.confirmation_due_at - now) / MINUTE)
        now = asked.confirmation_due_at
    send_one(confirmations.send, asked.pk, now=now)

    asked.refresh_from_db()
    assert waits == [1, 1, 2, 4, 8, 16, 32]
    assert (asked.confirmation_due_at, asked.confirmation_sent_at) == (None, None)
    assert asked.confirmation_error == "451 not today"
    assert not is_owed(now + 9 * DAY)


def test_outage_uses_up_no_tries_of_a_question(asked, mail_server, settings):
    mail_server.answers["MAIL TEXT"] = HANG_UP
    now = NOON

    for _ in range(2 * settings.DELIVERY_MAX_ATTEMPTS):
        with pytest.raises(MailServerError):
            send_one(confirmations.send, asked.pk, now=now)
        asked.refresh_from_db()
        assert MINUTE <= asked.confirmation_due_at - now <= 15 * MINUTE
        now = asked.confirmation_due_at

    assert asked.confirmation_attempts == 0
    assert due_ids(now) == []
    assert due_ids(now, has_failed=True) == [asked.pk]


def test_question_that_nobody_expects_any_more_is_not_sent(asked):
    send_one(confirmations.send, asked.pk, now=NOON + 3 * DAY + MINUTE)

    assert mail.outbox == []
    assert not is_owed(NOON + 9 * DAY)


def test_question_that_cannot_be_made_ends_after_its_tries(asked, settings, mail_server):
    Subscription.objects.update(email=f"a@{'ü' * 63}.example")
    now = NOON

    for _ in range(settings.DELIVERY_MAX_ATTEMPTS):
        send_one(confirmations.send, asked.pk, now=now)
        asked.refresh_from_db()
        now = asked.confirmation_due_at or now

    assert asked.confirmation_due_at is None
    assert "Unicode" in asked.confirmation_error


def test_question_that_no_worker_survives_is_given_up(asked, settings):
    now = NOON
    for _ in range(settings.DELIVERY_MAX_ATTEMPTS):
        assert asked.claim_confirmation(now=now, until=now + settings.DELIVERY_LEASE)
        now += settings.DELIVERY_LEASE

    send_one(confirmations.send, asked.pk, now=now)

    assert mail.outbox == []
    assert not is_owed(now + DAY)


def test_next_ask_has_all_its_tries(asked, mail_server):
    mail_server.answers["RCPT"] = iter(["554 5.7.1 blocked"])
    send_one(confirmations.send, asked.pk)
    Subscription.objects.update(confirmation_due_at=NOON + DAY, created_at=NOON + DAY)

    send_one(confirmations.send, asked.pk, now=NOON + DAY)

    asked.refresh_from_db()
    assert (asked.confirmation_attempts, asked.confirmation_error) == (0, "")
    assert len(mail_server.mails) == 1
