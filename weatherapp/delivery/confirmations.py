"""The mail that asks a new subscriber to confirm the address: owed by a row, sent once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from weatherapp.delivery.email import MailRefusedError, MailServerError, send_mail
from weatherapp.delivery.messages import write_confirmation
from weatherapp.delivery.tokens import CONFIRM_WITHIN
from weatherapp.models import Subscription

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)


def due(*, now: datetime, limit: int) -> list[int]:
    """Subscriptions whose confirmation mail may be sent now, longest owed first."""
    rows = Subscription.objects.filter(
        Q(confirmation_claimed_until__isnull=True) | Q(confirmation_claimed_until__lte=now),
        confirmation_due_at__lte=now,
    )
    return list(rows.order_by("confirmation_due_at", "pk").values_list("pk", flat=True)[:limit])


def send(subscription_id: int, *, now: datetime) -> None:
    """Mail the link, once; safe to call twice and from several workers. Raises MailServerError."""
    until = now + settings.DELIVERY_LEASE
    if not Subscription(pk=subscription_id).claim_confirmation(now=now, until=until):
        return
    subscription = Subscription.objects.select_related("place").get(pk=subscription_id)
    if subscription.confirmation_due_at is None:  # who confirmed or left meanwhile
        _finish(subscription, due_at=None)
    else:
        _mail(subscription, now=now)


def _mail(subscription: Subscription, *, now: datetime) -> None:
    try:
        send_mail(write_confirmation(subscription, asked_at=subscription.created_at, now=now))
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
