"""Everything that is stored about one address: to hand out, and to delete."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from weatherapp.delivery import suppressions
from weatherapp.delivery.addresses import Address
from weatherapp.models import AlertChange, Delivery, OfficialChange, Subscription

SUBSCRIPTION_TIMES = (
    "created_at",
    "confirmation_due_at",
    "confirmation_sent_at",
    "confirmed_at",
    "unsubscribed_at",
    "bounced_at",
)
SUBSCRIPTION_FACTS = (
    "language",
    "units",
    "confirmation_attempts",
    "confirmation_error",
    "bounce_reason",
)


def export(address: Address, *, now: datetime) -> dict[str, Any]:
    """Ready for JSON, for the address's owner to read."""
    suppression = suppressions.find(address)
    return {
        "address": address.email,
        "exported_at": now.isoformat(),
        "subscriptions": [_describe(row) for row in _find(address)],
        "wants_no_mail_since": suppression and suppression.created_at.isoformat(),
    }


def count(address: Address) -> dict[str, int]:
    """Rows by kind: what `delete` would delete."""
    return {
        "subscriptions": _find(address).count(),
        "deliveries": Delivery.objects.filter(subscription__email_key=address.key).count(),
    }


def delete(address: Address) -> dict[str, int]:
    """Rows by kind that were deleted. Safe to call twice.

    A wish never to be written to stays: it holds no address, and without it mails would come again.
    """
    counts = count(address)
    _find(address).delete()
    return counts


def _find(address: Address) -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(email_key=address.key)
    return rows.select_related("place").order_by("pk")


def _describe(row: Subscription) -> dict[str, Any]:
    deliveries = row.deliveries.select_related(
        "change__alert__rule", "official_change__warning"
    ).order_by("pk")
    return (
        {"address": row.email, "place": row.place.name}
        | {name: _say(getattr(row, name)) for name in SUBSCRIPTION_TIMES}
        | {name: getattr(row, name) for name in SUBSCRIPTION_FACTS}
        | {"mails": [_describe_delivery(delivery) for delivery in deliveries]}
    )


def _describe_delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "about": _name(delivery.about),
        "state": delivery.get_state_display(),
        "created_at": _say(delivery.created_at),
        "sent_at": _say(delivery.sent_at),
        "attempts": delivery.attempts,
        "error": delivery.error,
    }


def _name(change: AlertChange | OfficialChange) -> str:
    """The alert's rule, or the kind of weather that an authority warns of."""
    if isinstance(change, OfficialChange):
        return change.warning.get_hazard_display()
    return change.alert.rule.name


def _say(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
