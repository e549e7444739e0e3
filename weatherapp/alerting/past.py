"""What is stored of a place's past, as the engine plays it; in pages, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from operator import itemgetter
from typing import Any

from django.db.models import Max, Min, QuerySet

from weatherapp.alerting.engine.facts import FRESH, Forecast, Prediction
from weatherapp.alerting.engine.history import Arrivals, History
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.known import make_prediction
from weatherapp.domain.conditions import Basis
from weatherapp.domain.quantities import MEASURED_NAMES
from weatherapp.domain.series import Series
from weatherapp.domain.spans import HOUR, Span
from weatherapp.models import BacktestStretch, Place, Reading, SourceForecast

PAGE = 100  # rows
# What a source keeps of a place's past by itself; None where it keeps nothing: then readings count.
ReadArchive = Callable[[Place], Series | None]


def find_known(places: Sequence[Place], archive: ReadArchive) -> dict[int, Span]:
    """By place id: from before the first known hour to the last one; places without any are left out."""
    kept = {place.pk: series for place in places if (series := archive(place)) is not None}
    spans = {
        place_id: Span(series.first_at - HOUR, series.hours()[-1])
        for place_id, series in kept.items()
    }
    others = [place.pk for place in places if place.pk not in kept]
    rows = Reading.objects.filter(place__in=others).order_by().values_list("place")
    for place_id, first_at, last_at in rows.annotate(Min("observed_at"), Max("observed_at")):
        spans[place_id] = Span(first_at - HOUR, last_at)
    return spans


def read_history(
    place: Place,
    rules: Sequence[Rule],
    span: Span,
    archive: ReadArchive,
    answers: Arrivals[Prediction] = (),
) -> History:
    """The hours in the span, and of facts what the rules look at.

    `answers`, oldest first, fill the hours of which no prediction is stored.
    """
    conditions = [condition for rule in rules for condition in rule.conditions]
    bases = {condition.basis for condition in conditions}
    longest = max(condition.hours for condition in conditions) * HOUR + FRESH[Basis.MEASURED]
    names = {one.quantity_name for one in conditions if one.basis is Basis.FORECAST}
    return History(
        record=archive(place) or _read_record(place, span.starts_at - longest, span.ends_at),
        after_at=span.starts_at,
        until_at=span.ends_at,
        forecasts=_read_forecasts(place, sorted(names), span) if names else (),
        predictions=merge(_read_predictions(place, span), answers, key=itemgetter(0))
        if Basis.PROBABILITY in bases
        else (),
        zone=place.zone,
    )


def find_unasked(place: Place, span: Span) -> list[datetime]:
    """Full hours of the span after which no prediction is stored."""
    asked = place.predictions.filter(window_end_at__range=(span.starts_at, span.ends_at))
    known = set(asked.values_list("window_end_at", flat=True))
    hours = (
        span.starts_at + step * HOUR
        for step in range(1, (span.ends_at - span.starts_at) // HOUR + 1)
    )
    return [at for at in hours if at not in known]


def read_answers(stretch: BacktestStretch) -> Iterator[tuple[datetime, Prediction]]:
    """What the model says by itself of hours that it was asked about for this try."""
    rows = stretch.questions.filter(answered_at__isnull=False, error="")
    for page in _turn_pages(rows, "window_end_at"):
        for row in page:
            yield (
                row.window_end_at,
                Prediction(
                    row.window_end_at,
                    row.hourly_probability,
                    row.probability_any_6h,
                    row.probability_any_24h,
                ),
            )


def _read_record(place: Place, after_at: datetime, until_at: datetime) -> Series:
    """Straight into columns: rows as objects would take ten times as much."""
    first_at, length = after_at + HOUR, (until_at - after_at) // HOUR
    columns: Mapping[str, list[float | None]] = {name: [None] * length for name in MEASURED_NAMES}
    rows = place.readings.filter(observed_at__gt=after_at, observed_at__lte=until_at)
    for page in _turn_pages(rows.values("pk", "observed_at", *MEASURED_NAMES), "observed_at"):
        for row in page:
            index = (row["observed_at"] - first_at) // HOUR
            for name, column in columns.items():
                column[index] = row[name]
    return Series(first_at, columns)


def _read_forecasts(
    place: Place, names: Sequence[str], span: Span
) -> Iterator[tuple[datetime, Forecast]]:
    """Runs as they were fetched; of their columns those of `names`."""
    rows = SourceForecast.objects.filter(
        place=place,
        hour_at__gt=span.starts_at - FRESH[Basis.FORECAST],
        hour_at__lte=span.ends_at,
    )
    # As plain values: rows as objects would take twice as long.
    values = rows.values("pk", "hour_at", "issued_at", "first_at", "source", "columns")
    for page in _turn_pages(values, "hour_at"):
        for row in page:
            columns = row["columns"] or {}
            series = Series(row["first_at"], {name: columns.get(name) or () for name in names})
            yield (
                row["hour_at"],
                Forecast(series, row["issued_at"] or row["hour_at"], row["source"]),
            )


def _read_predictions(place: Place, span: Span) -> Iterator[tuple[datetime, Prediction]]:
    rows = place.predictions.filter(
        window_end_at__gt=span.starts_at - FRESH[Basis.PROBABILITY],
        window_end_at__lte=span.ends_at,
    ).defer("blend")
    for page in _turn_pages(rows, "window_end_at"):
        yield from ((row.window_end_at, make_prediction(row)) for row in page)


def _turn_pages(rows: QuerySet[Any, Any], by: str) -> Iterator[list[Any]]:
    """Oldest first. No cursor stays open: on SQLite it would keep what is written meanwhile out."""
    rest = rows.order_by(by, "pk")
    while page := list(rest[:PAGE]):
        yield page
        last = page[-1]
        at, pk = (last[by], last["pk"]) if isinstance(last, dict) else (getattr(last, by), last.pk)
        later = rows.filter(**{f"{by}__gte": at}).exclude(**{by: at, "pk__lte": pk})
        rest = later.order_by(by, "pk")
