"""Readings that nobody looks at any more are deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from weatherapp.models import Place, Reading

# Windows look back 91 days, scoring 84.
KEPT = timedelta(days=100)
BATCH = 500  # rows in one transaction: other writers get their turn


def forget_old_readings(*, now: datetime) -> int:
    """How many were deleted. `now` is real time; what is old, a place's own clock says."""
    return sum(_forget(place, place.clock(now) - KEPT) for place in Place.objects.order_by("pk"))


def _forget(place: Place, limit_at: datetime) -> int:
    old = place.readings.filter(observed_at__lt=limit_at).order_by("observed_at")
    count = 0
    while ids := list(old.values_list("pk", flat=True)[:BATCH]):
        count += Reading.objects.filter(pk__in=ids).delete()[0]
    return count
