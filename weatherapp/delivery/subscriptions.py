"""From a stranger's address to a confirmed subscription, and out again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from weatherapp.delivery.tokens import CONFIRM_WITHIN, BadToken, make_token, read_token
from weatherapp.models import Place, Subscription

__all__ = [
    "BadToken",
    "ConfirmationTooLate",
    "confirm",
    "make_token",
    "read_token",
    "subscribe",
    "unsubscribe",
]

# Anybody can type anybody's address: nobody's mailbox is to be filled by that.
CONFIRMATION_PAUSE = timedelta(minutes=10)


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
