"""What nobody looks at any more is deleted: readings, the sources' forecasts, predictions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from weatherapp.models import AlertChange, Place

# Windows look back 91 days, scoring 84.
KEPT = timedelta(days=100)
BATCH = 500  # rows in one transaction: other writers get their turn


def forget_old_weather(*, now: datetime) -> int:
    """How many rows were deleted. `now` is real time; what is old, a place's own clock says.

    A prediction that an alert was decided by stays with the alert.
    """
    return sum(_forget(place, place.clock(now) - KEPT) for place in Place.objects.order_by("pk"))


def _forget(place: Place, limit_at: datetime) -> int:
    decided_by = AlertChange.objects.filter(prediction__request=OuterRef("pk"))
    return (
        _delete(place.readings.filter(observed_at__lt=limit_at))
        + _delete(place.source_forecasts.filter(hour_at__lt=limit_at))
        + _delete(place.prediction_requests.filter(~Exists(decided_by), window_end_at__lt=limit_at))
    )


def _delete(old: QuerySet[Any]) -> int:
    count = 0
    while keys := list(old.order_by().values_list("pk", flat=True)[:BATCH]):
        count += old.model._default_manager.filter(pk__in=keys).delete()[0]
    return count
