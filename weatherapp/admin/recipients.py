"""How many people an action would tell: said before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from weatherapp.models import Alert, Subscription


@dataclass(frozen=True, slots=True)
class Recipients:
    """At most: who was told nothing of an alert before is not told of its end either."""

    people: int
    mails: int


def count_recipients(alerts: QuerySet[Alert]) -> Recipients:
    """Of the ends of those that are open; one query."""
    open_ones = alerts.filter(ended_at__isnull=True).order_by().values("pk")
    counts = (
        Subscription.objects.confirmed()
        .filter(place__alerts__in=open_ones)
        .order_by()
        .aggregate(people=Count("email_key", distinct=True), mails=Count("pk"))
    )
    return Recipients(counts["people"], counts["mails"])
