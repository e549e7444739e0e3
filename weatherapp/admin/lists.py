"""What the start page counts and the lists are narrowed to: one meaning for both."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

DAY = timedelta(days=1)
FAILED_FETCH = Q(fetch_failures__gt=0)


def no_weather(now: datetime) -> Q:
    """Places that got no reading for a day, or never, although nothing is said to have failed."""
    silent = Q(fetched_at__isnull=True, next_refresh_at__isnull=False)
    return Q(fetch_failures=0) & (silent | Q(fetched_at__lte=now - DAY))


def old_questions(now: datetime) -> Q:
    """Subscriptions that were asked for more than a day ago and never confirmed."""
    return Q(confirmed_at__isnull=True, unsubscribed_at__isnull=True, created_at__lte=now - DAY)
