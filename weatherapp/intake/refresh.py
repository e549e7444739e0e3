"""Fetches the weather of places and stores it, each place wholly or not at all."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, transaction

from weatherapp.domain.quantities import FORECAST_NAMES, MEASURED_NAMES
from weatherapp.domain.series import make_series
from weatherapp.intake import fetch
from weatherapp.intake.schedule import find_next_hour_at, find_retry_at
from weatherapp.intake.source import (
    Hour,
    Outcome,
    PlaceWeather,
    SourceError,
    SourceUnavailableError,
)
from weatherapp.models import Place, Reading, SourceForecast

logger = logging.getLogger(__name__)


def refresh(place_ids: Sequence[int], *, now: datetime) -> list[int]:
    """The ids of the places that got readings. `now` is real time; safe to call twice.

    What fails is on the place's row: why, since when, and when it is tried again. A place whose
    rows cannot be stored keeps its claim, so that it is due again when the lease is over. Of a
    place that was moved meanwhile nothing is stored: it is due at once.
    """
    places = list(Place.objects.filter(pk__in=place_ids).order_by("pk"))
    outcomes = _fetch(places, now=now)
    _log_errors(outcomes)
    return [place.pk for place in places if _store_outcome(place, outcomes[place.pk], now=now)]


def _fetch(places: Sequence[Place], *, now: datetime) -> Mapping[int, Outcome]:
    """By place id; what the task's time limit cuts off has failed, too, and is not forgotten."""
    try:
        return fetch(places, now=now)
    except SoftTimeLimitExceeded:
        error = SourceUnavailableError("The source took longer than a whole task may.")
        return {place.pk: error for place in places}


def _store_outcome(place: Place, outcome: Outcome, *, now: datetime) -> bool:
    try:
        with transaction.atomic():
            if not Place.objects.hold_unmoved(place):
                return False
            if isinstance(outcome, PlaceWeather):
                store_weather(place, outcome, now=now)
            else:
                store_failure(place, outcome, now=now)
    except DatabaseError:
        logger.exception("the weather of place %s cannot be stored", place.pk)
        return False
    return isinstance(outcome, PlaceWeather)


def store_weather(place: Place, weather: PlaceWeather, *, now: datetime) -> None:
    """Readings, forecast run and schedule; the newest answer about an hour wins."""
    _store_readings(place, weather.readings, now=now)
    if weather.forecast:
        _store_forecast(place, weather, now=now)
    _update_place(
        place,
        fetched_at=now,
        fetch_failed_at=None,
        fetch_error="",
        fetch_failures=0,
        next_refresh_at=find_next_hour_at(clock_at=place.clock(now), now=now, place_id=place.pk),
    )


def store_failure(place: Place, error: SourceError, *, now: datetime) -> None:
    """Why there is nothing new, and when to ask again. Old readings stay."""
    failures = place.fetch_failures + 1
    retry_at = find_retry_at(
        error, failures=failures, clock_at=place.clock(now), now=now, place_id=place.pk
    )
    _update_place(
        place,
        fetch_failed_at=now,
        fetch_error=str(error),  # SourceError keeps it short
        fetch_failures=failures,
        next_refresh_at=retry_at,
    )


def make_reading(place: Place, hour: Hour, *, now: datetime) -> Reading:
    """The row of an hour, not stored yet."""
    source = place.source_name
    return Reading(
        place=place, observed_at=hour.at, source=source, received_at=now, **dict(hour.values)
    )


def _store_readings(place: Place, readings: Sequence[Hour], *, now: datetime) -> None:
    Reading.objects.bulk_create(
        [make_reading(place, reading, now=now) for reading in readings],
        update_conflicts=True,
        unique_fields=["place", "source", "observed_at"],
        update_fields=[*MEASURED_NAMES, "received_at"],
    )


def _store_forecast(place: Place, weather: PlaceWeather, *, now: datetime) -> None:
    series = make_series({hour.at: hour.values for hour in weather.forecast}, FORECAST_NAMES)
    SourceForecast.objects.update_or_create(
        place=place,
        source=place.source_name,
        hour_at=weather.hour_at,
        defaults={
            "issued_at": weather.issued_at,
            "received_at": now,
            "first_at": series.first_at,
            "columns": dict(series.columns),
        },
    )


def _update_place(place: Place, **values: object) -> None:
    # Not save(): somebody may have edited the row in the admin meanwhile.
    Place.objects.filter(pk=place.pk).update(claimed_until=None, **values)


def _log_errors(outcomes: Mapping[int, Outcome]) -> None:
    """One line an error: an outage concerns a hundred places at once."""
    place_ids: dict[str, list[int]] = {}
    for place_id, outcome in outcomes.items():
        if isinstance(outcome, SourceError):
            place_ids.setdefault(f"{type(outcome).__name__}: {outcome}", []).append(place_id)
    for text, ids in place_ids.items():
        logger.warning("no weather for places %s: %s", ids, text)
