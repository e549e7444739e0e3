"""The mail that asks a new subscriber to confirm the address: owed by a row, sent once."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db.models import Q

from weatherapp.delivery.attempt import FIRST_WAIT, Kind, Result, attempt, find_outage_wait
from weatherapp.delivery.bounces import end_subscription, is_mailbox_gone
from weatherapp.delivery.email import MailServerError, MailSession
from weatherapp.delivery.messages import write_confirmation
from weatherapp.delivery.tokens import CONFIRM_WITHIN
from weatherapp.models import Subscription


def due(*, now: datetime, has_failed: bool, limit: int) -> list[int]:
    """Subscriptions whose confirmation mail may be sent now, longest owed first.

    Of those that failed before, or of the others.
    """
    rows = Subscription.objects.filter(
        Q(confirmation_claimed_until__isnull=True) | Q(confirmation_claimed_until__lte=now),
        confirmation_due_at__lte=now,
    )
    rows = rows.exclude(confirmation_error="") if has_failed else rows.filter(confirmation_error="")
    return list(rows.order_by("confirmation_due_at", "pk").values_list("pk", flat=True)[:limit])


def send(subscription_id: int, session: MailSession, *, now: datetime) -> bool:
    """Mail the link, once; safe to call twice and from several workers.

    Whether the mail server answered. Raises MailServerError, and then the row has its try back.
    """
    until = now + settings.DELIVERY_LEASE
    if not Subscription(pk=subscription_id).claim_confirmation(now=now, until=until):
        return False
    subscription = Subscription.objects.select_related("place").get(pk=subscription_id)
    if subscription.confirmation_due_at is None:  # who confirmed or left meanwhile
        _end(subscription)
    elif now - subscription.created_at > CONFIRM_WITHIN:  # `subscribe` sets it with each ask
        _end(subscription, error="Nobody expects it any more.")
    elif subscription.confirmation_attempts > settings.DELIVERY_MAX_ATTEMPTS:
        _end(subscription, error="No try came to an end: see the worker's log.")
    else:
        return _try(subscription, session, now=now)
    return False


def _try(subscription: Subscription, session: MailSession, *, now: datetime) -> bool:
    write = partial(write_confirmation, subscription, asked_at=subscription.created_at, now=now)
    try:
        result = attempt(write, session, name=f"Confirmation of {subscription.pk}")
    except MailServerError as error:
        wait = find_outage_wait(subscription.created_at, now=now)
        attempts = subscription.confirmation_attempts - 1
        _put_back(subscription, str(error), due_at=now + wait, attempts=attempts)
        raise
    _settle(subscription, result, now=now)
    return result.is_answer


def _settle(subscription: Subscription, result: Result, *, now: datetime) -> None:
    """Write down how a try ended."""
    if result.kind is Kind.SENT:
        _end(subscription, sent_at=now)
        return
    if result.refusal is not None and is_mailbox_gone(result.refusal):
        end_subscription(subscription, result.refusal, now)
    attempts = subscription.confirmation_attempts
    if result.kind is Kind.REFUSED or attempts >= settings.DELIVERY_MAX_ATTEMPTS:
        _end(subscription, error=result.error)
    else:
        due_at = now + max(now - subscription.created_at, FIRST_WAIT)  # as long as it waited
        _put_back(subscription, result.error, due_at=due_at, attempts=attempts)


def _put_back(subscription: Subscription, error: str, *, due_at: datetime, attempts: int) -> None:
    _finish(
        subscription,
        confirmation_due_at=due_at,
        confirmation_attempts=attempts,
        confirmation_error=error[:500],
    )


def _end(subscription: Subscription, *, error: str = "", sent_at: datetime | None = None) -> None:
    """Nothing is owed any more; the next ask has all its tries."""
    _finish(
        subscription,
        confirmation_due_at=None,
        confirmation_attempts=0,
        confirmation_error=error[:500],
        confirmation_sent_at=sent_at or subscription.confirmation_sent_at,
    )


def _finish(subscription: Subscription, **fields: object) -> None:
    """Let go of the row, unless the lease ran out and somebody else holds it by now."""
    Subscription.objects.filter(
        pk=subscription.pk, confirmation_claimed_until=subscription.confirmation_claimed_until
    ).update(confirmation_claimed_until=None, **fields)
