"""Addresses that do not exist end their subscriptions; nothing else does."""

from __future__ import annotations

import pytest

from tests.delivery.sending import owe, send_batch
from tests.factories import NOON, make_place, make_subscription
from weatherapp.delivery import subscriptions
from weatherapp.delivery.bounces import is_mailbox_gone
from weatherapp.delivery.email import MailRefusedError
from weatherapp.models import Delivery, DeliveryState, Subscription


@pytest.mark.parametrize(
    ("text", "is_gone"),
    [
        pytest.param("550 no such user", True, id="plain"),
        pytest.param("550 5.1.1 <a@b.example>: unknown", True, id="bad mailbox"),
        pytest.param("550 5.1.10 null MX", True, id="domain without mail"),
        pytest.param("550 5.2.1 disabled", True, id="disabled"),
        pytest.param("554 5.1.1 unknown", True, id="another code, the same status"),
        pytest.param("553 not allowed here", True, id="mailbox name"),
        pytest.param("552 5.2.2 over quota", False, id="full"),
        pytest.param("550 5.7.1 you are on a list", False, id="we are blocked"),
        pytest.param("550 relay not permitted", False, id="a server that is not ours"),
        pytest.param("554 transaction failed", False, id="nobody knows what"),
        pytest.param("530 5.7.0 log in first", False, id="our login"),
    ],
)
def test_refusal_of_a_recipient_is_about_the_mailbox_or_about_us(text, is_gone):
    refusal = MailRefusedError(text, code=int(text[:3]), is_of_recipient=True)

    assert is_mailbox_gone(refusal) is is_gone


def test_refusal_of_the_text_is_never_about_the_mailbox():
    assert not is_mailbox_gone(MailRefusedError("550 5.1.1 spam", code=550))


@pytest.mark.django_db
def test_subscription_of_an_address_that_does_not_exist_ends_with_the_reason(mail_server):
    owe(2)
    mail_server.refuse_recipient["reader-0@"] = "550 5.1.1 no such user"

    send_batch()

    gone, other = Subscription.objects.order_by("email")
    assert (gone.is_confirmed, gone.unsubscribed_at, gone.bounced_at) == (False, NOON, NOON)
    assert gone.bounce_reason == "550 5.1.1 no such user"
    assert other.is_confirmed
    assert len(mail_server.mails) == 1


@pytest.mark.django_db
def test_refused_text_ends_the_mail_and_not_the_subscription(mail_server):
    owe(1)
    mail_server.answers["MAIL TEXT"] = "554 5.6.0 we do not like it"

    send_batch()

    assert Subscription.objects.get().is_confirmed
    assert Delivery.objects.get().state == DeliveryState.FAILED


@pytest.mark.django_db
def test_question_to_an_address_that_does_not_exist_is_not_asked_again(mail_server):
    make_subscription(make_place(), confirmed_at=None, confirmation_due_at=NOON)
    mail_server.answers["RCPT"] = "550 no such user"

    send_batch()

    row = Subscription.objects.get()
    assert (row.confirmation_due_at, row.bounced_at) == (None, NOON)
    assert row.bounce_reason == row.confirmation_error == "550 no such user"


@pytest.mark.django_db
def test_who_has_a_mailbox_again_may_come_back(mail_server):
    owe(1)
    mail_server.answers["RCPT"] = iter(["550 no such user"])
    send_batch()

    subscriptions.confirm(Subscription.objects.get(), now=NOON)

    assert Subscription.objects.get().is_confirmed


@pytest.mark.django_db
def test_who_left_before_keeps_the_time_of_leaving(mail_server):
    owe(1)
    earlier = NOON.replace(hour=1)
    Subscription.objects.update(
        confirmed_at=None, unsubscribed_at=earlier, confirmation_due_at=NOON
    )
    mail_server.answers["RCPT"] = "550 no such user"

    send_batch()

    assert Subscription.objects.get().unsubscribed_at == earlier
