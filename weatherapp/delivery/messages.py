"""Writes the mails: text and HTML from templates, and the headers that mail programs act on.

Each in the language and the units of who gets it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from weatherapp.delivery.official_reach import read_reached
from weatherapp.delivery.official_wording import describe_official_change
from weatherapp.delivery.tokens import CONFIRM, LEAVE, NEVER_AGAIN, make_token
from weatherapp.delivery.wording import describe_change, scene_of
from weatherapp.display.reader import shown_to
from weatherapp.domain.units import Units, read_units
from weatherapp.models import Delivery, OfficialChange, Subscription


def write_alert_mail(delivery: Delivery) -> EmailMultiAlternatives:
    """The mail of an outbox row, of either kind."""
    change = delivery.about
    if isinstance(change, OfficialChange):
        return _write_official_mail(delivery, change)
    with _shown_to_owner(delivery.subscription):
        url = settings.SITE_URL + change.alert.get_absolute_url()
        return _write_owed(
            "alert", describe_change(change) | {"alert_url": url}, delivery, delivery.subscription
        )


def _write_official_mail(delivery: Delivery, change: OfficialChange) -> EmailMultiAlternatives:
    """To the first of the mailbox's subscriptions that it concerns by now."""
    reached = read_reached(delivery)
    subscriptions = reached.all if change.is_end else reached.standing
    first, *_ = subscriptions or (delivery.subscription,)
    leaving = [(row.place, _link_to_leave(row, delivery)) for row in subscriptions or (first,)]
    with _shown_to_owner(first):
        context = describe_official_change(change, first, leaving)
        return _write_owed("official", context, delivery, first)


def _link_to_leave(subscription: Subscription, delivery: Delivery) -> str:
    return _link("unsubscribe", make_token(subscription, LEAVE, at=delivery.created_at))


def _write_owed(
    template: str, context: dict[str, Any], delivery: Delivery, subscription: Subscription
) -> EmailMultiAlternatives:
    unsubscribe_url = _link_to_leave(subscription, delivery)
    return _write(
        template,
        context | {"unsubscribe_url": unsubscribe_url},
        to=subscription.email,
        # One name for all tries: a mail that was sent twice can be seen to be one.
        name=f"delivery-{delivery.pk}-{delivery.created_at:%Y%m%d%H%M%S}",
        headers={
            # https://www.rfc-editor.org/rfc/rfc8058#section-3.1
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def write_confirmation(
    subscription: Subscription, *, asked_at: datetime, now: datetime
) -> EmailMultiAlternatives:
    """The mail that was asked for: a link to leave for who is confirmed, else one to confirm."""
    with _shown_to_owner(subscription):
        return _write_confirmation(subscription, asked_at=asked_at, now=now)


def write_test_mail(name: str, *, address: str, language: str) -> EmailMultiAlternatives:
    """For an operator: nothing stands in it but that it arrived."""
    with shown_to(language=language, units=Units()):
        return _write("test", {}, to=address, name=f"test-{name}", headers={})


def _shown_to_owner(subscription: Subscription) -> AbstractContextManager[None]:
    units = read_units(subscription.units) or Units()
    return shown_to(language=subscription.language, units=units)


def _write_confirmation(
    subscription: Subscription, *, asked_at: datetime, now: datetime
) -> EmailMultiAlternatives:
    place = subscription.place
    describe = _describe_leaving if subscription.is_confirmed else _describe_confirming
    return _write(
        "leave" if subscription.is_confirmed else "confirm",
        {"place": place, "scene": scene_of(place)} | describe(subscription, now),
        to=subscription.email,
        name=f"confirmation-{subscription.pk}-{asked_at:%Y%m%d%H%M%S}",
        headers={},
    )


def _describe_confirming(subscription: Subscription, now: datetime) -> dict[str, Any]:
    """The link proves that the address belongs to who gave it."""
    return {
        "confirm_url": _link("confirm", make_token(subscription, CONFIRM, at=now)),
        "never_again_url": _link("never_again", make_token(subscription, NEVER_AGAIN, at=now)),
        "valid_days": CONFIRM.life.days,
    }


def _describe_leaving(subscription: Subscription, now: datetime) -> dict[str, Any]:
    return {"unsubscribe_url": _link("unsubscribe", make_token(subscription, LEAVE, at=now))}


def _write(
    template: str, context: dict[str, Any], *, to: str, name: str, headers: dict[str, str]
) -> EmailMultiAlternatives:
    context |= {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    subject = render_to_string(f"mail/{template}-subject.txt", context)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),  # a name with a line break must not start a header
        body=_squeeze(render_to_string(f"mail/{template}-body.txt", context)),
        to=[to],
        headers={
            "Message-ID": f"<{name}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        }
        | headers,
    )
    message.attach_alternative(render_to_string(f"mail/{template}-body.html", context), "text/html")
    return message


def _squeeze(text: str) -> str:
    """At most one empty line in a row: template tags leave more behind."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for index, line in enumerate(lines) if line or lines[index - 1]]
    return "\n".join(kept) + "\n"


def _link(name: str, token: str) -> str:
    return settings.SITE_URL + reverse(name, args=[token])
