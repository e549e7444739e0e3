"""What is stored of places' weather, as the engine takes it: a few queries for many places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from django.db.models import OuterRef, QuerySet, Subquery

from weatherapp.alerting.engine import facts as engine
from weatherapp.domain.conditions import Basis
from weatherapp.domain.probability_parts import ProbabilityParts
from weatherapp.domain.quantities import FORECAST_NAMES, MEASURED_NAMES
from weatherapp.domain.series import make_series
from weatherapp.domain.spans import HOUR
from weatherapp.models import Place, Prediction, Reading, SourceForecast

Clocks = Mapping[int, datetime]  # place id -> its clock
Names = Mapping[Basis, Collection[str]]  # of quantities
Row = TypeVar("Row", SourceForecast, Prediction)
ALL_NAMES: Names = {
    Basis.MEASURED: MEASURED_NAMES,
    Basis.FORECAST: FORECAST_NAMES,
    Basis.PROBABILITY: (),
}


def read_facts(
    places: Sequence[Place], clocks: Clocks, *, past_hours: int, names: Names = ALL_NAMES
) -> dict[int, engine.Facts]:
    """By place id: the readings of the last `past_hours`, the newest run, the newest prediction.

    Nothing of it is newer than the place's clock, and only quantities of `names` are read; a basis
    that is not in it is left out. A few queries, however many places.
    """
    measured, forecasts, predictions = {}, {}, {}
    if Basis.MEASURED in names:
        measured = _read_measured(places, clocks, past_hours, tuple(names[Basis.MEASURED]))
    if Basis.FORECAST in names:
        forecasts = _read_forecasts(places, clocks, names[Basis.FORECAST])
    if Basis.PROBABILITY in names:
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
    places: Sequence[Place], clocks: Clocks, past_hours: int, names: Sequence[str]
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
        "place_id", "source", "observed_at", *names
    ):
        if clocks[place_id] - length < at <= clocks[place_id]:
            hours[place_id][at] = dict(zip(names, values, strict=True))
            sources[place_id] = source
    return {
        place_id: engine.Measured(make_series(known, names), max(known), source=sources[place_id])
        for place_id, known in hours.items()
    }


def _read_forecasts(
    places: Sequence[Place], clocks: Clocks, names: Collection[str]
) -> dict[int, engine.Forecast]:
    rows = _read_newest(SourceForecast.objects.all(), "hour_at", places, clocks)
    return {
        row.place_id: engine.Forecast(row.read_series(names), row.run_at, source=row.source)
        for row in rows
    }


def _read_predictions(places: Sequence[Place], clocks: Clocks) -> dict[int, engine.Prediction]:
    rows = _read_newest(Prediction.objects.all(), "window_end_at", places, clocks)
    return {row.place_id: replace(make_prediction(row), parts=_read_parts(row)) for row in rows}


def make_prediction(row: Prediction) -> engine.Prediction:
    """The site's own probabilities: blended with the source's, else the calibrated ones.

    Without its parts: a try over a year of rows leaves their columns in the database.
    """
    site = row.site
    return engine.Prediction(
        window_end_at=row.window_end_at,
        hourly_probability=site.hourly_probability,
        probability_any_6h=site.probability_any_6h,
        probability_any_24h=site.probability_any_24h,
        model_name=row.model_name,
        model_version=row.model_version,
        prediction_id=row.pk,
    )


def _read_parts(row: Prediction) -> ProbabilityParts:
    model = row.calibrated
    return ProbabilityParts(
        hourly_probability=model.hourly_probability,
        probability_any_6h=model.probability_any_6h,
        probability_any_24h=model.probability_any_24h,
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
