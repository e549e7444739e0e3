"""Strangers who ask to be written to."""

from __future__ import annotations

from tests.factories import NOON
from weatherapp.delivery import confirmations, subscriptions
from weatherapp.models import Place, Subscription


def subscribe(place: Place, email: str = "reader@example.org", **when) -> Subscription:
    return subscriptions.subscribe(place, email=email, now=when.get("now", NOON))


def due_ids(now=NOON, *, has_failed=False) -> list[int]:
    return confirmations.due(now=now, has_failed=has_failed, limit=10)
