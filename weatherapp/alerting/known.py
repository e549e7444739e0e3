"""What is stored of places' weather, as the engine takes it: a few queries for many places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from django.db.models import OuterRef, QuerySet, Subquery

from weatherapp.alerting.engine import facts as engine
from weatherapp.domain.conditions import Basis
from weatherapp.domain.probability_parts import ProbabilityParts
from weatherapp.domain.quantities import MEASURED_NAMES
from weatherapp.domain.series import make_series
from weatherapp.domain.spans import HOUR
from weatherapp.models import Place, Prediction, Reading, SourceForecast

Clocks = Mapping[int, datetime]  # place id -> its clock
Row = TypeVar("Row", SourceForecast, Prediction)


def read_facts(
    places: Sequence[Place], clocks: Clocks, *, past_hours: int
) -> dict[int, engine.Facts]:
    """By place id: the readings of the last `past_hours`, the newest run, the newest prediction.

    Nothing of it is newer than the place's clock. A few queries, however many places.
    """
    measured = _read_measured(places, clocks, past_hours)
    forecasts = _read_forecasts(places, clocks)
    predictions = _read_predictions(places, clocks)
    return {
        place.pk: engine.Facts(
            measured=measured.get(place.pk),
            forecast=forecasts.get(place.pk),
            prediction=predictions.get(place.pk),
            zone=place.zone,
            fresh_longer=place.fresh_longer,
        )
        for place in places
    }


def _read_measured(
    places: Sequence[Place], clocks: Clocks, past_hours: int
) -> dict[int, engine.Measured]:
    """The clocks of a batch are those of one source, or two: rows of other hours are dropped."""
    longer = max(place.fresh_longer for place in places)
    length = (past_hours + 1) * HOUR + engine.FRESH[Basis.MEASURED] + longer
    rows = Reading.objects.filter(
        place__in=places,
        observed_at__gt=min(clocks.values()) - length,
        observed_at__lte=max(clocks.values()),
    ).order_by()
    hours: dict[int, dict[datetime, dict[str, float | None]]] = defaultdict(dict)
    sources: dict[int, str] = {}
    for place_id, source, at, *values in rows.values_list(
        "place_id", "source", "observed_at", *MEASURED_NAMES
    ):
        if clocks[place_id] - length < at <= clocks[place_id]:
            hours[place_id][at] = dict(zip(MEASURED_NAMES, values, strict=True))
            sources[place_id] = source
    return {
        place_id: engine.Measured(
            make_series(known, MEASURED_NAMES), max(known), source=sources[place_id]
        )
        for place_id, known in hours.items()
    }


def _read_forecasts(places: Sequence[Place], clocks: Clocks) -> dict[int, engine.Forecast]:
    rows = _read_newest(SourceForecast.objects.all(), "hour_at", places, clocks)
    return {
        row.place_id: engine.Forecast(row.series, row.run_at, source=row.source) for row in rows
    }


def _read_predictions(places: Sequence[Place], clocks: Clocks) -> dict[int, engine.Prediction]:
    rows = _read_newest(Prediction.objects.all(), "window_end_at", places, clocks)
    return {row.place_id: replace(make_prediction(row), parts=_read_parts(row)) for row in rows}


def make_prediction(row: Prediction) -> engine.Prediction:
    """The site's own probabilities: blended with the source's, else the model's.

    Without its parts: a try over a year of rows leaves their columns in the database.
    """
    is_blended = row.blended_any_6h is not None and row.blended_any_24h is not None
    return engine.Prediction(
        window_end_at=row.window_end_at,
        hourly_probability=row.site_hourly_probability,
        probability_any_6h=(row.blended_any_6h or 0.0) if is_blended else row.probability_any_6h,
        probability_any_24h=(row.blended_any_24h or 0.0) if is_blended else row.probability_any_24h,
        model_name=row.model_name,
        model_version=row.model_version,
        prediction_id=row.pk,
    )


def _read_parts(row: Prediction) -> ProbabilityParts:
    return ProbabilityParts(
        hourly_probability=row.hourly_probability,
        probability_any_6h=row.probability_any_6h,
        probability_any_24h=row.probability_any_24h,
        blend=row.blend,
    )


def _read_newest(
    rows: QuerySet[Row], by: str, places: Sequence[Place], clocks: Clocks
) -> Iterator[Row]:
    """Each place's newest row up to its clock: a query a clock, of which a batch has one or two."""
    for clock in set(clocks.values()):
        ids = [place.pk for place in places if clocks[place.pk] == clock]
        newest = rows.filter(place=OuterRef("pk"), **{f"{by}__lte": clock}).order_by(
            f"-{by}", "-pk"
        )
        found = Place.objects.filter(pk__in=ids).annotate(newest=Subquery(newest.values("pk")[:1]))
        yield from rows.filter(pk__in=found.values("newest"))
