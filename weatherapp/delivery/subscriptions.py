"""From a stranger's address to a confirmed subscription, and out again."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from weatherapp.delivery.email import MailRefusedError, MailServerError, send_mail
from weatherapp.delivery.messages import write_confirmation
from weatherapp.delivery.tokens import CONFIRM_WITHIN, BadToken, make_token, read_token
from weatherapp.models import Place, Subscription

__all__ = [
    "BadToken",
    "ConfirmationTooLate",
    "confirm",
    "due_confirmations",
    "make_token",
    "read_token",
    "send_confirmation",
    "subscribe",
    "unsubscribe",
]

logger = logging.getLogger(__name__)

# Anybody can type anybody's address: nobody's mailbox is to be filled by that.
CONFIRMATION_PAUSE = timedelta(minutes=10)
FIRST_WAIT = timedelta(minutes=1)


class ConfirmationTooLate(BadToken):
    """The link is older than CONFIRM_WITHIN: subscribe again."""


def subscribe(place: Place, *, email: str, now: datetime) -> Subscription:
    """Ask for a confirmation mail, unless the address is confirmed or was asked a moment ago.

    Safe to call twice. Tell a visitor the same whatever happens: that nobody can learn from this
    who is subscribed.
    """
    address = normalise_email(email)
    Subscription.objects.bulk_create(
        [Subscription(place=place, email=address, created_at=now)], ignore_conflicts=True
    )
    subscription = Subscription.objects.get(place=place, email__iexact=address)
    if not subscription.is_confirmed:
        _ask_confirmation(subscription, now=now)
    return subscription


def confirm(subscription: Subscription, *, now: datetime) -> None:
    """Safe to call twice. Raises ConfirmationTooLate."""
    if subscription.is_confirmed:
        return
    sent_at = subscription.confirmation_sent_at
    if sent_at is not None and now - sent_at > CONFIRM_WITHIN:
        raise ConfirmationTooLate(f"This link was valid for {CONFIRM_WITHIN.days} days.")
    subscription.confirmed_at, subscription.unsubscribed_at = now, None
    subscription.confirmation_due_at = None
    subscription.save(update_fields=["confirmed_at", "unsubscribed_at", "confirmation_due_at"])


def unsubscribe(subscription: Subscription, *, now: datetime) -> None:
    """No mail from now on, not even one that is owed. Safe to call twice."""
    if subscription.unsubscribed_at is None:
        subscription.unsubscribed_at = now
    subscription.confirmation_due_at = None
    subscription.save(update_fields=["unsubscribed_at", "confirmation_due_at"])


def due_confirmations(*, now: datetime, limit: int) -> list[int]:
    """Subscriptions whose confirmation mail may be sent now, longest owed first."""
    rows = Subscription.objects.filter(
        Q(confirmation_claimed_until__isnull=True) | Q(confirmation_claimed_until__lte=now),
        confirmation_due_at__lte=now,
    )
    return list(rows.order_by("confirmation_due_at", "pk").values_list("pk", flat=True)[:limit])


def send_confirmation(subscription_id: int, *, now: datetime) -> None:
    """Mail the link, once; safe to call twice and from several workers. Raises MailServerError."""
    until = now + settings.DELIVERY_LEASE
    if not Subscription(pk=subscription_id).claim_confirmation(now=now, until=until):
        return
    subscription = Subscription.objects.select_related("place").get(pk=subscription_id)
    if subscription.is_confirmed:
        _finish(subscription, due_at=None)
    else:
        _mail(subscription, now=now)


def normalise_email(email: str) -> str:
    """Domains have no case; what stands before the @ stays as its owner writes it."""
    name, at, domain = email.strip().rpartition("@")
    return f"{name}{at}{domain.lower()}"


def _ask_confirmation(subscription: Subscription, *, now: datetime) -> None:
    """One statement, so that two visitors at once cause one mail."""
    Subscription.objects.filter(
        Q(confirmation_sent_at__isnull=True)
        | Q(confirmation_sent_at__lte=now - CONFIRMATION_PAUSE),
        pk=subscription.pk,
        confirmation_due_at__isnull=True,
    ).update(confirmation_due_at=now, created_at=now)
    subscription.refresh_from_db()


def _mail(subscription: Subscription, *, now: datetime) -> None:
    try:
        send_mail(write_confirmation(subscription, asked_at=subscription.created_at))
    except MailRefusedError as error:
        logger.warning("Confirmation of %s is refused for good: %s", subscription.pk, error)
        _finish(subscription, due_at=None)
    except MailServerError:
        _finish(subscription, due_at=_next_try_at(subscription, now=now))
        raise
    else:
        _finish(subscription, due_at=None, sent_at=now)


def _next_try_at(subscription: Subscription, *, now: datetime) -> datetime | None:
    """Waits as long as it has waited already; None when the visitor will not expect it anymore."""
    waited = now - subscription.created_at  # `subscribe` sets it anew with each ask
    return now + max(waited, FIRST_WAIT) if waited < CONFIRM_WITHIN else None


def _finish(
    subscription: Subscription, *, due_at: datetime | None, sent_at: datetime | None = None
) -> None:
    """Let go of the row, unless the lease ran out and somebody else holds it by now."""
    Subscription.objects.filter(
        pk=subscription.pk, confirmation_claimed_until=subscription.confirmation_claimed_until
    ).update(
        confirmation_due_at=due_at,
        confirmation_claimed_until=None,
        confirmation_sent_at=sent_at or subscription.confirmation_sent_at,
    )
