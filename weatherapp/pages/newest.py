"""The newest rows of many places, one query a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, OuterRef, QuerySet, Subquery

from weatherapp.models import Place, Prediction, PredictionRequest, Reading

RowT = TypeVar("RowT", bound=Model)


def read_newest_predictions(places: Sequence[Place], *, now: datetime) -> dict[int, Prediction]:
    """Place id -> its newest prediction, fresh or not; none from hours that are still to come.

    `now` is real time, which no place's clock is ahead of.
    """
    rows = Prediction.objects.filter(window_end_at__lte=now).order_by("-window_end_at", "-pk")
    return {row.place_id: row for row in _newest(rows, places)}


def read_newest_requests(places: Sequence[Place]) -> dict[int, PredictionRequest]:
    """Place id -> its newest request, without the window that was sent."""
    rows = PredictionRequest.objects.order_by("-created_at", "-pk").defer("window")
    return {row.place_id: row for row in _newest(rows, places)}


def read_newest_readings(places: Sequence[Place], *, now: datetime) -> dict[int, Reading]:
    """Place id -> its newest reading; none from hours that are still to come."""
    rows = Reading.objects.filter(observed_at__lte=now).order_by("-observed_at")
    return {row.place_id: row for row in _newest(rows, places)}


def _newest(rows: QuerySet[RowT], places: Sequence[Place]) -> QuerySet[RowT]:
    ids = [place.pk for place in places]
    newest = Subquery(rows.filter(place=OuterRef("pk")).values("pk")[:1])
    return rows.filter(
        pk__in=Place.objects.filter(pk__in=ids).order_by().values_list(newest, flat=True)
    )
