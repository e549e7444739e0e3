"""What is kept of weeks ago in place of every hour: every third answer, every sixth run, no windows.

The steps are as long as a fact is believed (alerting/engine/facts.py), so that a rule tried on the
past still finds one in each hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
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
    """All but the first of each place and step (UTC): a place that is fetched rarely keeps its only one."""
    later = (_has_earlier(rows.model, by, step_hours, hours) for hours in range(1, step_hours))
    return rows.filter(reduce(or_, later))


def _has_earlier(model: type[Model], by: str, step_hours: int, hours: int) -> Q:
    """So many hours into a step, with another row of the place before it in the same step."""
    at = OuterRef(by)
    earlier = model._default_manager.filter(
        **{"place": OuterRef("place"), f"{by}__lt": at, f"{by}__gte": at - timedelta(hours=hours)}
    )
    is_then = In(ExtractHour(by, tzinfo=UTC), list(range(hours, 24, step_hours)))
    return Q(is_then) & Q(Exists(earlier))


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
