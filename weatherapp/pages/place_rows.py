"""The rows that a place's page is made of: each table is asked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.shortcuts import get_object_or_404

from weatherapp.alerting.engine import facts as engine
from weatherapp.alerting.known import make_prediction
from weatherapp.domain.conditions import Basis
from weatherapp.domain.quantities import MEASURED_NAMES
from weatherapp.domain.series import make_series
from weatherapp.domain.spans import HOUR
from weatherapp.forecasting.blending.explain import answers_learned_from
from weatherapp.models import Alert, Place, Prediction, PredictionRequest, Reading, SourceForecast

FRESH_HOURS = engine.FRESH[Basis.MEASURED] // HOUR


@dataclass(frozen=True, slots=True)
class PlaceRows:
    """The newest of each; readings newest first, alerts open ones first, then the last ended."""

    prediction: Prediction | None
    request: PredictionRequest | None
    forecast: SourceForecast | None
    readings: tuple[Reading, ...]
    alerts: tuple[Alert, ...]


def find_place(pk: int, *, now: datetime) -> tuple[Place, SourceForecast | None]:
    """A place with the newest run of its source, in one query where it has one. Raises Http404."""
    runs = SourceForecast.objects.filter(place=pk, hour_at__lte=now).select_related(
        "place__week_forecast"
    )
    run = runs.order_by("-hour_at", "-pk").first()
    if run is not None:
        return run.place, run
    return get_object_or_404(Place.objects.select_related("week_forecast"), pk=pk), None


def read_place_rows(
    place: Place,
    run: SourceForecast | None,
    *,
    now: datetime,
    place_now: datetime,
    past_hours: int,
    most_alerts: int,
    has_question: bool = True,
) -> PlaceRows:
    """`past_hours` of readings at least, where there are as many; `now` is real time.

    `run` as find_place gives it. Where the newest question is answered it is not read:
    `has_question` says whether there is another.
    """
    predictions = place.predictions.filter(window_end_at__lte=now).select_related("request")
    predictions = predictions.annotate(calibration_answers=answers_learned_from())
    requests = place.prediction_requests.defer("window")
    if run is not None and run.hour_at > place_now:  # the place became a replay since
        run = place.source_forecasts.filter(hour_at__lte=place_now).order_by("hour_at", "pk").last()
    readings = place.readings.filter(observed_at__lte=place_now).order_by("-observed_at")
    alerts = Alert.objects.filter(place=place).select_related("rule")
    newest_end_first = F("ended_at").desc(nulls_first=True)
    rows = PlaceRows(
        prediction=predictions.order_by("-window_end_at", "-pk").first(),
        request=requests.order_by("-created_at", "-pk").first() if has_question else None,
        forecast=run,
        readings=tuple(readings[: past_hours + FRESH_HOURS + 1 + place.fresh_longer // HOUR]),
        alerts=tuple(alerts.order_by(newest_end_first, "-pk")[:most_alerts]),
    )
    for alert in rows.alerts:
        alert.place = place
    return rows


def make_facts(place: Place, rows: PlaceRows, place_now: datetime, past_hours: int) -> engine.Facts:
    """What the rules go by: as known.read_facts gives it, but for what only evidence is made of."""
    length = (past_hours + FRESH_HOURS + 1) * HOUR + place.fresh_longer
    return engine.Facts(
        measured=make_measured(rows.readings, place_now - length),
        forecast=make_forecast(rows.forecast),
        prediction=_make_prediction(place, rows.prediction, place_now),
        zone=place.zone,
        fresh_longer=place.fresh_longer,
    )


def make_measured(readings: Sequence[Reading], after: datetime) -> engine.Measured | None:
    known = [reading for reading in readings if reading.observed_at > after]
    if not known:
        return None
    hours = {
        reading.observed_at: {name: getattr(reading, name) for name in MEASURED_NAMES}
        for reading in known
    }
    return engine.Measured(make_series(hours, MEASURED_NAMES), max(hours), source=known[0].source)


def make_forecast(run: SourceForecast | None) -> engine.Forecast | None:
    return engine.Forecast(run.series, run.run_at, source=run.source) if run else None


def _make_prediction(
    place: Place, newest: Prediction | None, place_now: datetime
) -> engine.Prediction | None:
    """A replay that was begun again has predictions of hours that are still to come."""
    if newest is not None and newest.window_end_at > place_now:
        earlier = place.predictions.filter(window_end_at__lte=place_now)
        newest = earlier.order_by("-window_end_at", "-pk").first()
    return make_prediction(newest) if newest else None
