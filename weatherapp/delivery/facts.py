"""What the policy has to know about a mail that is owed, read from the rows."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from weatherapp.delivery.policy import Facts, Patience, Told
from weatherapp.models import Delivery, DeliveryState


def read_patience() -> Patience:
    return Patience(raised=settings.DELIVERY_EXPIRES, over=settings.DELIVERY_OVER_EXPIRES)


def read_facts(delivery: Delivery, *, now: datetime) -> Facts:
    """Read these after the row is claimed.

    Who then still finds the alert open has claimed the row before its end was stored; so whoever
    finds a mail about the end sees that claim, or what came of it.
    """
    change = delivery.change
    return Facts(
        is_raise=change.is_raise,
        is_wanted=delivery.subscription.is_confirmed,
        is_over=not change.alert.is_open,
        age=now - change.created_at,
        told=Told.NO if change.is_raise else _read_told(delivery, now=now),
    )


def _read_told(delivery: Delivery, *, now: datetime) -> Told:
    raising = Delivery.objects.filter(
        subscription=delivery.subscription_id,
        change__alert=delivery.change.alert_id,
        change__old_state="",
    ).first()
    if raising is None:
        return Told.NO
    if raising.state == DeliveryState.SENT:
        return Told.YES
    if raising.claimed_until is not None:  # never let go of: by a worker, or by one that died
        return Told.IN_HAND if raising.claimed_until > now else Told.MAYBE
    return Told.MAYBE if raising.maybe_sent else Told.NO
