"""The outbox: what becomes of a mail that is owed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from tests.delivery.mail_server import HANG_UP
from tests.delivery.owing import owe_mail
from tests.delivery.sending import send_one
from tests.factories import NOON, make_alert, make_place, make_rule, make_subscription
from weatherapp.delivery import outbox, subscriptions
from weatherapp.delivery.email import MailServerError
from weatherapp.models import (
    Alert,
    Delivery,
    DeliveryState,
    DropReason,
    Place,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def alert(place) -> Alert:
    return make_alert(make_rule(place))


def due_ids(now, *, has_failed=False, limit=10) -> list[int]:
    return outbox.due(now=now, has_failed=has_failed, limit=limit)


def test_sent_mail_is_marked_and_not_sent_again(alert, mail_server):
    delivery = owe_mail(alert)

    send_one(outbox.send, delivery.pk, now=NOON)
    send_one(outbox.send, delivery.pk, now=NOON + MINUTE)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.sent_at, delivery.attempts) == (DeliveryState.SENT, NOON, 1)
    assert [mail["To"] for mail in mail_server.mails] == ["reader@example.org"]


def test_row_that_is_gone_is_nobodys_mail(alert):
    delivery = owe_mail(alert)
    delivery.delete()

    send_one(outbox.send, delivery.pk, now=NOON)

    assert mail.outbox == []


def test_who_unsubscribed_meanwhile_gets_no_mail(alert):
    delivery = owe_mail(alert)
    subscriptions.unsubscribe(delivery.subscription, now=NOON)

    send_one(outbox.send, delivery.pk, now=NOON)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DROPPED
    assert delivery.drop_reason == DropReason.UNWANTED
    assert mail.outbox == []


def test_failed_try_is_written_down_and_waits(alert, mail_server):
    delivery = owe_mail(alert)
    mail_server.answers["RCPT"] = "451 greylisted"

    assert send_one(outbox.send, delivery.pk), "the server answered"

    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (DeliveryState.PENDING, "451 greylisted")
    assert due_ids(NOON + MINUTE / 2, has_failed=True) == []
    assert due_ids(NOON + MINUTE, has_failed=True) == [delivery.pk]
    assert due_ids(NOON + MINUTE) == []


def test_mail_goes_out_at_a_later_try(alert, mail_server):
    delivery = owe_mail(alert)
    mail_server.answers["RCPT"] = iter(["451 greylisted"])

    send_one(outbox.send, delivery.pk)
    send_one(outbox.send, delivery.pk, now=NOON + MINUTE)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.error, delivery.attempts) == (DeliveryState.SENT, "", 2)
    assert len(mail_server.mails) == 1


def test_waits_double_up_to_an_hour_and_end(alert, mail_server, settings):
    delivery = owe_mail(alert)
    mail_server.answers["RCPT"] = "451 not today"
    now, waits = NOON, []

    for _ in range(settings.DELIVERY_MAX_ATTEMPTS):
        send_one(outbox.send, delivery.pk, now=now)
        delivery.refresh_from_db()
        waits.append((delivery.due_at - now) / MINUTE)
        last, now = now, delivery.due_at

    assert waits[:-1] == [1, 2, 4, 8, 16, 32, 60]
    assert (delivery.state, delivery.failed_at) == (DeliveryState.FAILED, last)
    assert "451" in delivery.error
    assert due_ids(now + timedelta(days=9), has_failed=True) == []


@pytest.mark.parametrize(
    ("command", "maybe_sent"),
    [
        pytest.param("GREETING", False, id="before it heard of the mail"),
        pytest.param("MAIL TEXT", True, id="when it had the mail"),
    ],
)
def test_outage_uses_up_no_tries(alert, mail_server, settings, command, maybe_sent):
    delivery = owe_mail(alert)
    mail_server.answers[command] = HANG_UP
    now = NOON

    for _ in range(2 * settings.DELIVERY_MAX_ATTEMPTS):
        with pytest.raises(MailServerError):
            send_one(outbox.send, delivery.pk, now=now)
        delivery.refresh_from_db()
        assert MINUTE <= delivery.due_at - now <= 15 * MINUTE
        now = delivery.due_at

    assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, 0)
    assert delivery.maybe_sent is maybe_sent
    assert due_ids(now) == [], "behind those that did not fail"
    assert due_ids(now, has_failed=True) == [delivery.pk]


@pytest.mark.parametrize(
    "error", [UnicodeError("label too long"), KeyError("window_end_at"), RecursionError("deep")]
)
def test_mail_that_cannot_be_made_ends_after_its_tries_with_the_cause(
    alert, mail_server, settings, monkeypatch, error
):
    def write(delivery):
        raise error

    monkeypatch.setattr(outbox, "write_alert_mail", write)
    delivery, now = owe_mail(alert), NOON

    for _ in range(settings.DELIVERY_MAX_ATTEMPTS):
        assert not send_one(outbox.send, delivery.pk, now=now), "nobody asked the server"
        delivery.refresh_from_db()
        now = delivery.due_at

    assert delivery.state == DeliveryState.FAILED
    assert type(error).__name__ in delivery.error


def test_address_that_does_not_exist_is_given_up_at_once(alert, mail_server):
    delivery = owe_mail(alert)
    mail_server.answers["RCPT"] = "550 no such user"

    send_one(outbox.send, delivery.pk, now=NOON)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (DeliveryState.FAILED, "550 no such user")
    assert delivery.failed_at == NOON


def test_long_complaint_is_cut_to_fit(alert, mail_server):
    delivery = owe_mail(alert)
    mail_server.answers["RCPT"] = "550 " + "no " * 300

    send_one(outbox.send, delivery.pk, now=NOON)

    delivery.refresh_from_db()
    assert len(delivery.error) == 500


def test_claimed_row_is_left_alone_until_its_lease_ends(alert, settings):
    delivery = owe_mail(alert)
    lease_ends_at = NOON + settings.DELIVERY_LEASE
    delivery.claim(now=NOON, until=lease_ends_at)

    send_one(outbox.send, delivery.pk, now=lease_ends_at - MINUTE)
    early = len(mail.outbox)
    send_one(outbox.send, delivery.pk, now=lease_ends_at)

    assert (early, len(mail.outbox)) == (0, 1)


def test_row_that_no_worker_survives_is_given_up(alert, settings):
    delivery = owe_mail(alert)
    now = NOON
    for _ in range(settings.DELIVERY_MAX_ATTEMPTS):
        assert delivery.claim(now=now, until=now + settings.DELIVERY_LEASE)
        now += settings.DELIVERY_LEASE

    send_one(outbox.send, delivery.pk, now=now)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED
    assert mail.outbox == []


def test_due_names_the_longest_owed_first_and_no_more_than_asked(alert, place):
    for name in "abc":
        make_subscription(place, email=f"{name}@example.org")
    first, second, third = outbox.enqueue([alert.changes.get().pk], now=NOON)
    Delivery.objects.filter(pk=third).update(due_at=NOON - MINUTE)

    assert due_ids(NOON, limit=2) == [third, first]
    assert due_ids(NOON, limit=9) == [third, first, second]


def test_failed_row_can_be_sent_again_with_all_its_tries(alert, mail_server):
    delivery = owe_mail(alert)
    mail_server.answers["RCPT"] = "554 5.7.1 blocked"
    send_one(outbox.send, delivery.pk, now=NOON)
    mail_server.answers.clear()

    assert outbox.send_again([delivery.pk], now=NOON) == [delivery.pk]
    send_one(outbox.send, delivery.pk, now=NOON)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 1)
    assert len(mail_server.mails) == 1


def test_only_failed_rows_are_sent_again(alert):
    delivery = owe_mail(alert)
    send_one(outbox.send, delivery.pk, now=NOON)

    assert outbox.send_again([delivery.pk], now=NOON) == []
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT
