"""Mails as they go over the wire, parsed again."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.factories import (
    NOON,
    make_subscription,
)
from weatherapp.delivery import outbox
from weatherapp.delivery.messages import write_alert_mail
from weatherapp.models import AlertChange, Delivery

JUNE_EVENING = datetime(2026, 6, 7, 22, tzinfo=UTC)  # 18:00 in New York


def mail_about(change: AlertChange) -> EmailMessage:
    """As it goes over the wire, parsed again by the standard library."""
    make_subscription(change.alert.place)
    (delivery_id,) = outbox.enqueue([change.pk], now=NOON)
    delivery = Delivery.objects.get(pk=delivery_id)
    return parse(write_alert_mail(delivery).message().as_bytes(linesep="\r\n"))


def parse(wire: bytes) -> EmailMessage:
    return message_from_bytes(wire, EmailMessage, policy=default)


def read_bodies(mail: EmailMessage) -> list[str]:
    """Of text and HTML the words, with usual spaces."""
    return [body.replace("\u00a0", " ") for body in (text_of(mail), html_of(mail))]


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(["plain"]).get_content()


def html_of(mail: EmailMessage) -> str:
    return mail.get_body(["html"]).get_content()
