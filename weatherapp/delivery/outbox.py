"""The outbox: who is owed a mail, and sending it once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from weatherapp.delivery.email import MailRefusedError, MailServerError, send_mail
from weatherapp.delivery.messages import write_alert_mail
from weatherapp.models import AlertChange, Delivery, DeliveryState, Subscription
from weatherapp.models.alert import OPEN_STATES

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)  # doubles with each try
LONGEST_WAIT = timedelta(hours=1)


def enqueue(change_ids: Iterable[int], *, now: datetime) -> list[int]:
    """Owe a mail to every confirmed subscriber for each change that raises or ends an alert.

    Ids of what is to be sent for these changes. Safe to call twice.
    """
    changes = AlertChange.objects.filter(
        Q(old_state="") | ~Q(new_state__in=OPEN_STATES), pk__in=list(change_ids)
    ).select_related("alert")
    owed = [
        Delivery(change=change, subscription=subscription, created_at=now, due_at=now)
        for change in changes.order_by("pk")
        for subscription in Subscription.objects.confirmed().filter(place=change.alert.place_id)
    ]
    Delivery.objects.bulk_create(owed, ignore_conflicts=True, batch_size=500)
    pending = Delivery.objects.filter(change__in=changes, state=DeliveryState.PENDING)
    return list(pending.order_by("pk").values_list("pk", flat=True))


def due(*, now: datetime, limit: int) -> list[int]:
    """What may be sent now, longest owed first."""
    rows = Delivery.objects.due(now).order_by("due_at", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def send(delivery_id: int, *, now: datetime) -> None:
    """Mail one row; safe to call twice and from several workers. Raises MailServerError.

    A row is sent at most once while workers live. One that dies after the mail server's yes and
    before `_finish` leaves a claimed row, which is sent again when its lease is over: rather a
    second mail, with the same Message-ID, than none.
    """
    until = now + settings.DELIVERY_LEASE
    if not Delivery(pk=delivery_id).claim(now=now, until=until):
        return
    delivery = Delivery.objects.select_related(
        "subscription", "change__alert__place", "change__alert__rule"
    ).get(pk=delivery_id)
    if not delivery.subscription.is_confirmed:
        _finish(delivery, DeliveryState.DROPPED)
    elif delivery.attempts > settings.DELIVERY_MAX_ATTEMPTS:
        _finish(
            delivery, DeliveryState.FAILED, error="No try came to an end: see the worker's log."
        )
    else:
        _mail(delivery, now=now)


def send_again(delivery_ids: Iterable[int], *, now: datetime) -> list[int]:
    """Give up on giving up: failed rows are due at once, with all their tries. Their ids."""
    failed = Delivery.objects.filter(pk__in=list(delivery_ids), state=DeliveryState.FAILED)
    ids = list(failed.order_by("pk").values_list("pk", flat=True))
    failed.update(state=DeliveryState.PENDING, attempts=0, due_at=now, claimed_until=None)
    return ids


def _mail(delivery: Delivery, *, now: datetime) -> None:
    try:
        send_mail(write_alert_mail(delivery))
    except MailRefusedError as error:
        logger.warning("Delivery %s is refused for good: %s", delivery.pk, error)
        _finish(delivery, DeliveryState.FAILED, error=str(error))
    except MailServerError as error:
        _put_back(delivery, error, now=now)
        raise
    else:
        _finish(delivery, DeliveryState.SENT, error="", sent_at=now)


def _put_back(delivery: Delivery, error: MailServerError, *, now: datetime) -> None:
    if delivery.attempts >= settings.DELIVERY_MAX_ATTEMPTS:
        _finish(delivery, DeliveryState.FAILED, error=str(error))
        return
    wait = min(FIRST_WAIT * 2 ** (delivery.attempts - 1), LONGEST_WAIT)
    _finish(delivery, DeliveryState.PENDING, error=str(error), due_at=now + wait)


def _finish(delivery: Delivery, state: DeliveryState, **fields: Any) -> None:
    """Let go of the row, unless the lease ran out and somebody else holds it by now."""
    if "error" in fields:
        fields["error"] = fields["error"][:500]
    Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.PENDING, claimed_until=delivery.claimed_until
    ).update(state=state, claimed_until=None, **fields)
