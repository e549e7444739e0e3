"""How often one client may ask: a token bucket for each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from weatherapp.models import ClientBudget


class TooManyRequests(RuntimeError):
    """The client asked too often; `retry_after_s` says when it may ask again."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"too many requests; again in {retry_after_s:.0f} s")
        self.retry_after_s = retry_after_s


def spend(client: str, *, now: datetime) -> None:
    """Take one token of `client` (a keyed hash). Raises TooManyRequests."""
    full = ClientBudget(client=client, tokens=settings.PREDICT_NOW_BURST, counted_at=now)
    with transaction.atomic():
        ClientBudget.objects.bulk_create([full], ignore_conflicts=True)
        budget = ClientBudget.objects.select_for_update().get(client=client)
        tokens = refill(budget.tokens, now - budget.counted_at)
        if tokens >= 1:
            budget.tokens, budget.counted_at = tokens - 1, now
            budget.save()
            return
    raise TooManyRequests((1 - tokens) * settings.PREDICT_NOW_EVERY.total_seconds())


def refill(tokens: float, elapsed: timedelta) -> float:
    """A clock that was set back takes nothing away."""
    grown = max(elapsed / settings.PREDICT_NOW_EVERY, 0.0)
    return min(tokens + grown, float(settings.PREDICT_NOW_BURST))


def forget_full(*, now: datetime) -> None:
    """Delete the buckets that are full again: they say nothing."""
    filling = settings.PREDICT_NOW_BURST * settings.PREDICT_NOW_EVERY
    ClientBudget.objects.filter(counted_at__lte=now - filling).delete()
