"""What metrics need of the tables beyond what /health reads: each a query that indexes bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Min, Q, Value
from django.db.models.functions import Coalesce, NullIf

from weatherapp.alerting.engine.facts import FRESH
from weatherapp.domain.conditions import Basis
from weatherapp.domain.spans import HOUR
from weatherapp.forecasting.asking.waiting import Waiting, count_waiting
from weatherapp.health.facts import STANDS_STILL_AFTER
from weatherapp.models import (
    Alert,
    Delivery,
    DeliveryState,
    OfficialWarning,
    Place,
    PredictionRequest,
)
from weatherapp.models.place import LONGEST_BELIEVED_HOURS
from weatherapp.operations.storage import read_size_bytes, read_table_sizes

LATELY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SourceRows:
    """The active places of one source of weather."""

    name: str
    places: int
    fresh: int
    failing: int
    overdue: int
    oldest_due_at: datetime | None
    newest_fetched_at: datetime | None
    oldest_fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Counts by state, as the tables name it; open alerts by severity, hazard and state."""

    waiting: Waiting
    requests: Mapping[str, int]
    deliveries: Mapping[str, int]
    alerts: Mapping[tuple[str, str, str], int]
    official: Mapping[str, int]  # by severity
    sources: Sequence[SourceRows]
    size_bytes: int
    table_bytes: Mapping[str, int]  # empty where the database does not know without a long look


def read_rows(now: datetime) -> Rows:
    """Eight queries, on SQLite seven. Raises django.db.Error."""
    return Rows(
        waiting=count_waiting(),
        requests=_count_requests(now),
        deliveries=_count_deliveries(now),
        alerts=_count_alerts(),
        official=_count_official(now),
        sources=_read_sources(now),
        size_bytes=read_size_bytes(),
        table_bytes=read_table_sizes(),
    )


def _count_requests(now: datetime) -> dict[str, int]:
    """Of the last hour: the table holds a week of every place's."""
    rows = PredictionRequest.objects.filter(created_at__gt=now - LATELY, created_at__lte=now)
    return dict(rows.order_by().values_list("state").annotate(Count("pk")))


def _count_deliveries(now: datetime) -> dict[str, int]:
    """Of the last hour, state by state as the index has them: the table holds months."""
    rows = Delivery.objects.filter(
        state__in=DeliveryState.values, due_at__gt=now - LATELY, due_at__lte=now
    )
    return dict(rows.order_by().values_list("state").annotate(Count("pk")))


def _count_alerts() -> dict[tuple[str, str, str], int]:
    names = ("severity", "hazard", "state")
    rows = Alert.objects.open().order_by().values_list(*names).annotate(Count("pk"))
    return {(severity, hazard, state): count for severity, hazard, state, count in rows}


def _count_official(now: datetime) -> dict[str, int]:
    rows = OfficialWarning.objects.open(now).order_by()
    return dict(rows.values_list("severity").annotate(Count("pk")))


def _read_sources(now: datetime) -> list[SourceRows]:
    """A place without a source of its own counts for the site's.

    Fresh is what the map's standings call so: a place that is fetched rarely is believed for longer.
    """
    hourly_at = now - FRESH[Basis.MEASURED]
    rarely_at = hourly_at - (LONGEST_BELIEVED_HOURS - 1) * HOUR
    is_hourly = Q(refresh_hours=1, fetched_at__gte=hourly_at)
    is_rare = Q(refresh_hours__gt=1, fetched_at__gte=rarely_at)
    came = Q(fetched_at__lte=now)  # what a wrong clock wrote has no age
    rows = (
        Place.objects.active()
        .order_by()
        .annotate(name_of_source=Coalesce(NullIf("source", Value("")), Value(_site_source())))
        .values_list("name_of_source")
        .annotate(
            places=Count("pk"),
            fresh=Count("pk", filter=is_hourly | is_rare),
            failing=Count("pk", filter=Q(fetch_failures__gt=0)),
            overdue=Count("pk", filter=Q(next_refresh_at__lte=now - STANDS_STILL_AFTER)),
            oldest_due_at=Min("next_refresh_at", filter=Q(next_refresh_at__lte=now)),
            newest_fetched_at=Max("fetched_at", filter=came),
            oldest_fetched_at=Min("fetched_at", filter=came),
        )
    )
    return [SourceRows(*row) for row in rows]


def _site_source() -> str:
    return str(settings.WEATHER_SOURCE)
