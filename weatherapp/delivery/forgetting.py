"""Personal data that nobody needs any more is deleted, after the times that the settings state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from weatherapp.models import Delivery, DeliveryState, Subscription
from weatherapp.models.subscription import SubscriptionQuerySet

BATCH = 500  # rows in one transaction: other writers get their turn
BATCHES_A_RUN = 20  # of each kind; the next run does the rest


def forget_personal_data(*, now: datetime) -> int:
    """How many rows were deleted. What is owed to anybody stays until it is sent or given up."""
    return (
        _delete(_never_confirmed(now - settings.KEEP_UNCONFIRMED))
        + _delete(_gone(now, left_before=now - settings.KEEP_UNSUBSCRIBED))
        + _delete(_told(now - settings.KEEP_DELIVERIES))
    )


def _never_confirmed(asked_before: datetime) -> SubscriptionQuerySet:
    return Subscription.objects.filter(
        confirmed_at__isnull=True, created_at__lt=asked_before, confirmation_due_at__isnull=True
    )


def _gone(now: datetime, *, left_before: datetime) -> SubscriptionQuerySet:
    """Not who asked to come back and may still say yes."""
    owed = Delivery.objects.filter(subscription=OuterRef("pk"), state=DeliveryState.PENDING)
    return Subscription.objects.filter(
        ~Exists(owed),
        unsubscribed_at__lt=left_before,
        created_at__lt=now - settings.KEEP_UNCONFIRMED,
        confirmation_due_at__isnull=True,
    )


def _told(created_before: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(~Q(state=DeliveryState.PENDING), created_at__lt=created_before)


def _delete(old: QuerySet[Any]) -> int:
    count = 0
    for _ in range(BATCHES_A_RUN):
        keys = list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not keys:
            break
        # Asked again: who came back since the rows were read is not deleted.
        count += old.filter(pk__in=keys).delete()[0]
    return count
