"""From a stranger's address to a confirmed subscription, and out again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import translation

from weatherapp.delivery import asking_limits, suppressions
from weatherapp.delivery.addresses import Address, parse_address
from weatherapp.display.reader import current_units
from weatherapp.models import Place, Subscription
from weatherapp.models.subscription import SubscriptionQuerySet, make_nonce

# Anybody can type anybody's address: nobody's mailbox is to be filled by that.
CONFIRMATION_PAUSE = timedelta(minutes=10)


def subscribe(place: Place, *, email: str, now: datetime) -> Subscription | None:
    """Ask for a confirmation mail, unless the address is confirmed, was asked a moment ago, has
    had enough mails, or wants none for ever (None, where nothing about it is stored).

    Safe to call twice. Tell a visitor the same whatever happens: that nobody can learn from this
    who is subscribed. Raises AddressError.
    """
    address = parse_address(email)
    if suppressions.find(address):
        return None
    row = Subscription.objects.filter(place=place, email_key=address.key).first()
    if row and not _not_bothered(now).filter(pk=row.pk).unconfirmed().exists():
        return row
    if not asking_limits.spend_mail(address.mailbox, now=now):
        return row
    return _ask(place, address, now=now)


def confirm(subscription: Subscription, *, now: datetime) -> None:
    """Safe to call twice. Does nothing where its reader left while the link was being read."""
    Subscription.objects.unconfirmed().filter(
        pk=subscription.pk, confirm_nonce=subscription.confirm_nonce
    ).update(confirmed_at=now, unsubscribed_at=None, confirmation_due_at=None)


def unsubscribe(subscription: Subscription, *, now: datetime) -> None:
    """No mail from now on, not even one that is owed; links to confirm are over.

    Safe to call twice.
    """
    Subscription.objects.filter(pk=subscription.pk).update(
        unsubscribed_at=Coalesce("unsubscribed_at", Value(now, DateTimeField())),
        confirmation_due_at=None,
        confirm_nonce=make_nonce(),
    )


def ask_leave_link(subscription: Subscription, *, now: datetime) -> None:
    """Owe a mail with a fresh link to leave, to an address that still gets alerts.

    Safe to call twice, and as often as anybody likes: the mailbox's limits hold.
    """
    mailbox = parse_address(subscription.email).mailbox
    row = _not_bothered(now).filter(pk=subscription.pk).confirmed()
    if row.exists() and asking_limits.spend_mail(mailbox, now=now):
        row.update(confirmation_due_at=now, created_at=now)


@transaction.atomic
def never_again(address: Address, *, now: datetime) -> None:
    """End the address's subscriptions at all places, and ask none of its aliases again.

    Safe to call twice. Aliases that were confirmed stay: their owner said yes to them, and where
    a + is a letter like others they are somebody else's.
    """
    suppressions.suppress(address, now=now)
    owed = Subscription.objects.unconfirmed().filter(confirmation_due_at__isnull=False)
    asked = [row for row in owed if parse_address(row.email).mailbox == address.mailbox]
    for row in (*Subscription.objects.filter(email_key=address.key), *asked):
        unsubscribe(row, now=now)


def _ask(place: Place, address: Address, *, now: datetime) -> Subscription:
    """One statement asks, so that two visitors at once cause one mail.

    Its mails are in the language and the units in which the visitor reads at this moment.
    """
    reader = {
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "units": str(current_units()),
    }
    new = Subscription(
        place=place, email=address.email, email_key=address.key, created_at=now, **reader
    )
    Subscription.objects.bulk_create([new], ignore_conflicts=True)
    row = Subscription.objects.get(place=place, email_key=address.key)
    asked = _not_bothered(now).filter(pk=row.pk).unconfirmed()
    asked.update(confirmation_due_at=now, created_at=now, **reader)
    row.refresh_from_db()
    return row


def _not_bothered(now: datetime) -> SubscriptionQuerySet:
    """No question owed, and none sent a moment ago that still has an answer."""
    return Subscription.objects.filter(
        Q(confirmation_sent_at__isnull=True)
        | Q(confirmation_sent_at__lte=now - CONFIRMATION_PAUSE)
        | Q(confirmation_sent_at__lte=F("unsubscribed_at")),
        confirmation_due_at__isnull=True,
    )
