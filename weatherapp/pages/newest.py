"""The newest rows of many places, one query a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Model, OuterRef, QuerySet, Subquery

from weatherapp.models import Place, Prediction, PredictionRequest, Reading, SourceForecast

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


def read_newest_runs(places: Sequence[Place], *, now: datetime) -> dict[int, SourceForecast]:
    """Place id -> its source's newest run; a replay has none."""
    rows = SourceForecast.objects.filter(hour_at__lte=now).order_by("-hour_at", "-pk")
    return {row.place_id: row for row in _newest(rows, places)}


def read_last_readings(
    places: Sequence[Place], clocks: Mapping[int, datetime], *, length: timedelta
) -> dict[int, list[Reading]]:
    """Place id -> its readings of the last `length`, newest first; none from hours to come.

    `clocks` by place id. Where all are older, it is the newest one.
    """
    rows = Reading.objects.filter(
        place__in=places,
        observed_at__gt=min(clocks.values()) - length,
        observed_at__lte=max(clocks.values()),
    ).order_by("-observed_at")
    found: dict[int, list[Reading]] = defaultdict(list)
    for row in rows:
        if clocks[row.place_id] - length < row.observed_at <= clocks[row.place_id]:
            found[row.place_id].append(row)
    silent = [place for place in places if place.pk not in found]
    older = Reading.objects.filter(observed_at__lte=max(clocks.values())).order_by("-observed_at")
    for row in _newest(older, silent) if silent else ():
        found[row.place_id].append(row)
    return found


def _newest(rows: QuerySet[RowT], places: Sequence[Place]) -> QuerySet[RowT]:
    ids = [place.pk for place in places]
    newest = Subquery(rows.filter(place=OuterRef("pk")).values("pk")[:1])
    return rows.filter(
        pk__in=Place.objects.filter(pk__in=ids).order_by().values_list(newest, flat=True)
    )
