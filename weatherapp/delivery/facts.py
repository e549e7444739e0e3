"""What the policy has to know about a mail that is owed, read from the rows."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from weatherapp.delivery.beside import find_inhibiting
from weatherapp.delivery.official_reach import read_reached
from weatherapp.delivery.policy import Facts, Patience, Told
from weatherapp.models import (
    AlertChange,
    ChangeReason,
    Delivery,
    DeliveryState,
    OfficialChange,
    OfficialReason,
)

Earlier = models.QuerySet[Delivery]


def read_patience() -> Patience:
    return Patience(raised=settings.DELIVERY_EXPIRES, over=settings.DELIVERY_OVER_EXPIRES)


def read_facts(delivery: Delivery, *, now: datetime) -> Facts:
    """Read these after the row is claimed.

    Who then still finds the alert open has claimed the row before its end was stored; so whoever
    finds a mail about the end sees that claim, or what came of it.
    """
    change = delivery.about
    if isinstance(change, OfficialChange):
        return _read_official(delivery, change, now=now)
    return _read_alert(delivery, change, now=now)


def _read_alert(delivery: Delivery, change: AlertChange, *, now: datetime) -> Facts:
    earlier = Delivery.objects.filter(
        subscription=delivery.subscription_id, change__alert=change.alert_id, change__lt=change.pk
    )
    return Facts(
        is_first=change.is_raise,
        is_end=change.is_end,
        is_wanted=delivery.subscription.is_confirmed,
        is_overtaken=not change.alert.is_open or _got_worse(change),
        age=now - change.created_at,
        told=Told.NO if change.is_raise else _read_told(earlier, now=now),
        is_inhibited=not change.is_end and find_inhibiting(change, now=now) is not None,
    )


def _got_worse(change: AlertChange) -> bool:
    worse = AlertChange.objects.filter(
        alert=change.alert_id, reason=ChangeReason.ESCALATED, pk__gt=change.pk
    )
    return worse.exists()


def _read_official(delivery: Delivery, change: OfficialChange, *, now: datetime) -> Facts:
    """Of a mailbox: what it was told by whichever of its subscriptions counts."""
    reached = read_reached(delivery)
    earlier = Delivery.objects.filter(
        subscription__email_key=delivery.subscription.email_key,
        official_change__warning=change.warning_id,
        official_change__lt=change.pk,
    )
    is_over = not change.warning.is_open(now) or not reached.standing
    return Facts(
        is_first=change.reason == OfficialReason.ISSUED,
        is_end=change.is_end,
        is_wanted=bool(reached.all),
        is_overtaken=is_over or _says_more(change),
        age=now - change.created_at,
        told=_read_told(earlier, now=now),
    )


def _says_more(change: OfficialChange) -> bool:
    """A later change, of which the same people are told."""
    later = OfficialChange.objects.filter(
        warning=change.warning_id,
        pk__gt=change.pk,
        is_silent=False,
        reason__in=[OfficialReason.ESCALATED, OfficialReason.EXTENDED],
    )
    return later.exists()


def _read_told(earlier: Earlier, *, now: datetime) -> Told:
    """A mail that is being sent comes first: what is told after it must not arrive before it."""
    told = {_read_one(row, now=now) for row in earlier}
    order = (Told.IN_HAND, Told.YES, Told.MAYBE)
    return next((one for one in order if one in told), Told.NO)


def _read_one(earlier: Delivery, *, now: datetime) -> Told:
    if earlier.state == DeliveryState.SENT:
        return Told.YES
    if earlier.claimed_until is not None:  # never let go of: by a worker, or by one that died
        return Told.IN_HAND if earlier.claimed_until > now else Told.MAYBE
    return Told.MAYBE if earlier.maybe_sent else Told.NO
