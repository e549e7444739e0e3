"""Mails about one alert go to a person in order, are merged when overtaken, and grow old."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.delivery.mail_server import HANG_UP
from tests.delivery.sending import (
    MINUTE,
    end_alert,
    owe,
    send_batch,
    send_one,
    worsen_alert,
)
from tests.factories import NOON
from weatherapp.delivery import outbox
from weatherapp.models import Delivery, DeliveryState, DropReason

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def owe_both(*, over_at=NOON + MINUTE) -> tuple[Delivery, Delivery]:
    """One reader is owed that an alert was raised, and that it is over."""
    (raised_id,) = owe(1)
    raised = Delivery.objects.get(pk=raised_id)
    (over_id,) = end_alert(raised.change, now=over_at)
    return raised, Delivery.objects.get(pk=over_id)


def read(*deliveries: Delivery) -> list[tuple[str, str]]:
    for delivery in deliveries:
        delivery.refresh_from_db()
    return [(delivery.state, delivery.drop_reason) for delivery in deliveries]


def subjects(mail_server) -> list[str]:
    return ["over" if "over" in mail["Subject"].lower() else "raised" for mail in mail_server.mails]


SENT = (DeliveryState.SENT, "")
PENDING = (DeliveryState.PENDING, "")
OVERTAKEN = (DeliveryState.DROPPED, DropReason.OVERTAKEN)
UNHEARD = (DeliveryState.DROPPED, DropReason.UNHEARD)
OUTDATED = (DeliveryState.DROPPED, DropReason.OUTDATED)


def test_alert_that_is_over_before_anything_was_sent_is_not_told_at_all(mail_server):
    both = owe_both()

    send_batch(now=NOON + MINUTE)

    assert read(*both) == [OVERTAKEN, UNHEARD]
    assert mail_server.mails == []


def test_raised_that_was_put_off_does_not_arrive_after_over(mail_server):
    (raised_id,) = owe(1)
    mail_server.answers["RCPT"] = iter(["451 greylisted"])
    send_batch()
    raised = Delivery.objects.get(pk=raised_id)
    (over_id,) = end_alert(raised.change, now=NOON + MINUTE / 2)

    for minutes in range(1, 5):
        send_batch(now=NOON + minutes * MINUTE)

    assert mail_server.mails == []
    assert read(raised, Delivery.objects.get(pk=over_id)) == [OVERTAKEN, UNHEARD]


def test_who_heard_of_the_alert_hears_that_it_is_over(mail_server):
    (raised_id,) = owe(1)
    send_batch()
    (over_id,) = end_alert(Delivery.objects.get(pk=raised_id).change, now=NOON + HOUR)

    send_batch(now=NOON + HOUR)

    assert len(mail_server.mails) == 2
    assert read(Delivery.objects.get(pk=over_id)) == [SENT]


def test_over_waits_while_raised_is_being_sent(mail_server, settings):
    raised, over = owe_both()
    # A worker took it before the alert ended, and is still talking with the mail server.
    assert raised.claim(now=NOON, until=NOON + settings.DELIVERY_LEASE)

    send_one(outbox.send, over.pk, now=NOON + MINUTE)

    assert read(over) == [PENDING]
    assert over.attempts == 0
    assert over.due_at == NOON + 2 * MINUTE

    Delivery.objects.filter(pk=raised.pk).update(state=DeliveryState.SENT, claimed_until=None)
    send_one(outbox.send, over.pk, now=NOON + 2 * MINUTE)

    assert read(over) == [SENT]


@pytest.mark.parametrize("first", ["raised", "over"])
def test_who_perhaps_heard_of_the_alert_hears_that_it_is_over(mail_server, settings, first):
    raised, over = owe_both()
    raised.claim(now=NOON, until=NOON + settings.DELIVERY_LEASE)  # and that worker was killed
    later = NOON + settings.DELIVERY_LEASE
    order = [raised, over] if first == "raised" else [over, raised]

    for delivery in order:
        send_one(outbox.send, delivery.pk, now=later)

    assert read(raised, over) == [OVERTAKEN, SENT]
    assert len(mail_server.mails) == 1


def test_mail_that_the_server_took_without_saying_so_counts_as_perhaps_heard(mail_server):
    (raised_id,) = owe(1)
    mail_server.answers["MAIL TEXT"] = iter([HANG_UP])
    send_batch()
    raised = Delivery.objects.get(pk=raised_id)
    (over_id,) = end_alert(raised.change, now=NOON + MINUTE)

    send_batch(now=NOON + 2 * MINUTE)

    assert read(raised, Delivery.objects.get(pk=over_id)) == [OVERTAKEN, SENT]


def test_who_was_refused_the_beginning_does_not_hear_the_end(mail_server):
    (raised_id,) = owe(1)
    mail_server.answers["MAIL TEXT"] = iter(["554 spam"])
    send_batch()
    raised = Delivery.objects.get(pk=raised_id)
    (over_id,) = end_alert(raised.change, now=NOON + HOUR)

    send_batch(now=NOON + HOUR)

    assert read(raised, Delivery.objects.get(pk=over_id)) == [(DeliveryState.FAILED, ""), UNHEARD]


def test_who_subscribed_in_the_middle_does_not_hear_the_end(mail_server):
    raised, over = owe_both()
    raised.delete()

    send_batch(now=NOON + MINUTE)

    assert read(over) == [UNHEARD]


def test_raised_grows_old(mail_server, settings):
    (raised_id,) = owe(1)

    send_batch(now=NOON + settings.DELIVERY_EXPIRES + MINUTE)

    assert read(Delivery.objects.get(pk=raised_id)) == [OUTDATED]
    assert mail_server.mails == []


def test_over_grows_old(mail_server, settings):
    raised, over = owe_both(over_at=NOON + HOUR)
    Delivery.objects.filter(pk=raised.pk).update(state=DeliveryState.SENT)

    send_batch(now=NOON + HOUR + settings.DELIVERY_OVER_EXPIRES + MINUTE)

    assert read(over) == [OUTDATED]
    assert mail_server.mails == []


def test_what_got_worse_before_anything_was_sent_is_told_once(mail_server):
    (raised_id,) = owe(1)
    raised = Delivery.objects.get(pk=raised_id)
    (worse_id,) = worsen_alert(raised.change, now=NOON + MINUTE)
    worse = Delivery.objects.get(pk=worse_id)

    send_batch(now=NOON + MINUTE)

    assert read(raised, worse) == [OVERTAKEN, SENT]
    assert [mail["Subject"].startswith("Worse") for mail in mail_server.mails] == [True]


def test_who_heard_only_that_it_got_worse_hears_that_it_is_over(mail_server):
    (raised_id,) = owe(1)
    raised = Delivery.objects.get(pk=raised_id)
    worsen_alert(raised.change, now=NOON + MINUTE)
    send_batch(now=NOON + MINUTE)
    (over_id,) = end_alert(raised.change, now=NOON + HOUR)

    send_batch(now=NOON + HOUR)

    assert read(Delivery.objects.get(pk=over_id)) == [SENT]
    assert len(mail_server.mails) == 2


def test_worse_waits_while_raised_is_being_sent(mail_server, settings):
    (raised_id,) = owe(1)
    raised = Delivery.objects.get(pk=raised_id)
    assert raised.claim(now=NOON, until=NOON + settings.DELIVERY_LEASE)
    (worse_id,) = worsen_alert(raised.change, now=NOON + MINUTE)

    send_one(outbox.send, worse_id, now=NOON + MINUTE)

    assert read(Delivery.objects.get(pk=worse_id)) == [PENDING]
    assert mail_server.mails == []
