"""What is kept of weeks ago in place of every hour: every third answer, every sixth run, no windows.

The steps are as long as a fact is believed (alerting/engine/facts.py), so that a rule tried on the
past still finds one in each hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.functions import ExtractHour
from django.db.models.lookups import In

from weatherapp.models import PredictionRequest, RequestState, Ticket

RowT = TypeVar("RowT", bound=Model)

HOURLY_FOR = timedelta(days=7)
REQUEST_KEPT = timedelta(days=8)  # tickets show them for seven
RUN_STEP_HOURS = 6
PREDICTION_STEP_HOURS = 3
WINDOW_KEPT = timedelta(hours=48)  # pages show what the newest answers were made from


def between_steps(rows: QuerySet[RowT, RowT], by: str, step_hours: int) -> QuerySet[RowT, RowT]:
    """Those whose hour (UTC) is no multiple of the step."""
    kept = list(range(0, 24, step_hours))
    return rows.exclude(In(ExtractHour(by, tzinfo=UTC), kept))


def list_old_requests(
    place_ids: Sequence[int], *, clock_at: datetime
) -> QuerySet[PredictionRequest]:
    """Those that nobody holds a ticket of. Their answers stay."""
    asked_for = Ticket.objects.filter(request=OuterRef("pk"))
    return PredictionRequest.objects.filter(
        ~Exists(asked_for), place__in=place_ids, window_end_at__lt=clock_at - REQUEST_KEPT
    ).exclude(state=RequestState.WAITING)


def drop_windows(place_ids: Sequence[int], *, clock_at: datetime) -> int:
    """The messages of requests that are finished; how many."""
    rows = PredictionRequest.objects.filter(
        place__in=place_ids,
        window__isnull=False,
        window_end_at__lt=clock_at - WINDOW_KEPT,
    ).exclude(state=RequestState.WAITING)
    return rows.update(window=None)
