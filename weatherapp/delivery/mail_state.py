"""How sending stands: what a health check and an operator ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from weatherapp.delivery import breaker
from weatherapp.models import Delivery, DeliveryState, OutgoingServer, Subscription

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MailState:
    """`unsent` counts alert mails and confirmations that are owed, due or not."""

    is_open: bool  # the circuit breaker: the mail server is left alone
    open_until: datetime | None
    failures: int  # in a row
    last_error: str
    last_failure_at: datetime | None
    last_success_at: datetime | None
    oldest_unsent_at: datetime | None
    unsent: int
    failed_24h: int  # alert mails that were given up


def read_mail_state(now: datetime) -> MailState:
    """Three queries, none of which writes."""
    server = OutgoingServer.objects.filter(pk=breaker.MAIL).first() or OutgoingServer()
    alerts = Delivery.objects.filter(
        Q(state=DeliveryState.PENDING) | Q(state=DeliveryState.FAILED, failed_at__gt=now - DAY)
    ).aggregate(
        unsent=Count("pk", filter=Q(state=DeliveryState.PENDING)),
        oldest_at=Min("created_at", filter=Q(state=DeliveryState.PENDING)),
        failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
    )
    asked = Subscription.objects.filter(confirmation_due_at__isnull=False).aggregate(
        unsent=Count("pk"), oldest_at=Min("created_at")
    )
    return MailState(
        is_open=server.is_resting(now),
        open_until=server.open_until,
        failures=server.failures,
        last_error=server.last_error,
        last_failure_at=server.last_failure_at,
        last_success_at=server.last_success_at,
        oldest_unsent_at=min(filter(None, (alerts["oldest_at"], asked["oldest_at"])), default=None),
        unsent=alerts["unsent"] + asked["unsent"],
        failed_24h=alerts["failed"],
    )
