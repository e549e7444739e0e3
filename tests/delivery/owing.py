"""A mail that is owed."""

from __future__ import annotations

from tests.factories import NOON, make_subscription
from weatherapp.delivery import outbox
from weatherapp.models import (
    Alert,
    Delivery,
)


def owe_mail(alert: Alert) -> Delivery:
    make_subscription(alert.place)
    (delivery_id,) = outbox.enqueue([alert.changes.get().pk], now=NOON)
    return Delivery.objects.get(pk=delivery_id)
