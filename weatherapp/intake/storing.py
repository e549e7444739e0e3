"""The answers of a batch of places -> rows, in a few statements whatever their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from weatherapp.domain.quantities import FORECAST_NAMES, MEASURED_NAMES
from weatherapp.domain.series import make_series
from weatherapp.intake.schedule import find_next_hour_at, find_retry_at
from weatherapp.intake.source import Hour, Outcome, PlaceWeather, SourceError
from weatherapp.models import Place, PlaceClimate, Reading, SourceForecast, WeekForecast

ROWS = 500  # in one statement

Weather = Mapping[Place, PlaceWeather]
Values = tuple[float | None, ...]
Key = tuple[int, str, datetime]  # what a reading is unique by


def store_outcomes(
    places: Sequence[Place], outcomes: Mapping[int, Outcome], *, now: datetime
) -> list[int]:
    """The ids of those that got readings. Call it in a transaction: all of it holds or nothing.

    Readings, forecast run, week ahead and schedule; the newest answer about an hour wins. Of a failure: why
    there is nothing new, and when to ask again; old readings stay.
    """
    unmoved = Place.objects.hold_all_unmoved(places)
    answers = [(place, outcomes[place.pk]) for place in unmoved]
    weather = {place: said for place, said in answers if isinstance(said, PlaceWeather)}
    _write_readings(weather, now=now)
    _write_forecasts(weather, now=now)
    _write_weeks(weather, now=now)
    _update_places(answers, now=now)
    _update_cells(weather)
    return [place.pk for place in weather]


def make_reading(place: Place, hour: Hour, *, now: datetime) -> Reading:
    """The row of an hour, not stored yet."""
    source = place.source_name
    return Reading(
        place=place, observed_at=hour.at, source=source, received_at=now, **dict(hour.values)
    )


def _write_readings(weather: Weather, *, now: datetime) -> None:
    """Of some 25 hours a place one is new, and few of the others have changed."""
    stored = _read_stored(weather)
    changed = [
        make_reading(place, hour, now=now)
        for place, said in weather.items()
        for hour in said.readings
        if stored.get((place.pk, place.source_name, hour.at)) != _list_values(hour)
    ]
    Reading.objects.bulk_create(
        changed,
        batch_size=ROWS,
        update_conflicts=True,
        unique_fields=["place", "source", "observed_at"],
        update_fields=[*MEASURED_NAMES, "received_at"],
    )
    # Places in turn, each from its oldest hour on: the first to come stays.
    oldest = {row.place_id: row.observed_at for row in reversed(changed)}
    PlaceClimate.objects.forget_changed(oldest)


def _list_values(hour: Hour) -> Values:
    return tuple(map(hour.values.get, MEASURED_NAMES))


def _read_stored(weather: Weather) -> dict[Key, Values]:
    wanted = Q(pk__in=[])
    for source, group in _group_by_source(weather).items():
        hours = [hour.at for place in group for hour in weather[place].readings]
        span = (min(hours), max(hours))  # a source's places share one clock
        wanted |= Q(place__in=group, source=source, observed_at__range=span)
    rows = Reading.objects.filter(wanted).order_by()
    names = ("place_id", "source", "observed_at", *MEASURED_NAMES)
    return {row[:3]: row[3:] for row in rows.values_list(*names)}


def _group_by_source(weather: Weather) -> dict[str, list[Place]]:
    groups: dict[str, list[Place]] = {}
    for place, said in weather.items():
        if said.readings:
            groups.setdefault(place.source_name, []).append(place)
    return groups


def _write_forecasts(weather: Weather, *, now: datetime) -> None:
    SourceForecast.objects.bulk_create(
        [_make_forecast(place, said, now=now) for place, said in weather.items() if said.forecast],
        batch_size=ROWS,
        update_conflicts=True,
        unique_fields=["place", "source", "hour_at"],
        update_fields=["issued_at", "received_at", "first_at", "columns"],
    )


def _make_forecast(place: Place, weather: PlaceWeather, *, now: datetime) -> SourceForecast:
    series = make_series({hour.at: hour.values for hour in weather.forecast}, FORECAST_NAMES)
    return SourceForecast(
        place=place,
        source=place.source_name,
        hour_at=weather.hour_at,
        issued_at=weather.issued_at,
        received_at=now,
        first_at=series.first_at,
        columns=dict(series.columns),
    )


def _write_weeks(weather: Weather, *, now: datetime) -> None:
    """A row a place, always the newest; none where the source forecasts nothing."""
    rows = [
        WeekForecast(
            place=place,
            source=place.source_name,
            hour_at=said.hour_at,
            received_at=now,
            first_at=said.week.first_at,
            columns=dict(said.week.columns),
        )
        for place, said in weather.items()
        if said.week
    ]
    WeekForecast.objects.bulk_create(
        rows,
        batch_size=ROWS,
        update_conflicts=True,
        unique_fields=["place"],
        update_fields=["source", "hour_at", "received_at", "first_at", "columns"],
    )


def _update_places(answers: Sequence[tuple[Place, Outcome]], *, now: datetime) -> None:
    """One statement for those whose rows change alike: most share their next hour and no error."""
    clocks = {place.source_name: place for place, _ in answers}
    clocks_at = {name: place.clock(now) for name, place in clocks.items()}
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for place, said in answers:
        values = _plan(place, said, clock_at=clocks_at[place.source_name], now=now)
        alike.setdefault(tuple(values.items()), []).append(place.pk)
    for shared, place_ids in alike.items():
        # Not save(): somebody may have edited the row in the admin meanwhile.
        Place.objects.filter(pk__in=place_ids).update(claimed_until=None, **dict(shared))


def _update_cells(weather: Weather) -> None:
    """One statement, and none where all are known: a place stays where it is."""
    changed = [place for place, said in weather.items() if place.cell != said.cell]
    for place in changed:
        place.cell = weather[place].cell
    Place.objects.bulk_update(changed, ["cell"])


def _plan(place: Place, said: Outcome, *, clock_at: datetime, now: datetime) -> dict[str, Any]:
    if isinstance(said, SourceError):
        return _plan_retry(place, said, clock_at=clock_at, now=now)
    return {
        "fetched_at": now,
        "fetch_failed_at": None,
        "fetch_error": "",
        "fetch_problem": "",
        "fetch_failures": 0,
        "refresh_hours": 1,
        "next_refresh_at": find_next_hour_at(clock_at=clock_at, now=now, place_id=place.pk),
    }


def _plan_retry(
    place: Place, error: SourceError, *, clock_at: datetime, now: datetime
) -> dict[str, Any]:
    failures = place.fetch_failures + 1
    return {
        "fetch_failed_at": now,
        "fetch_error": str(error),  # SourceError keeps it short
        "fetch_problem": error.problem,
        "fetch_failures": failures,
        "next_refresh_at": find_retry_at(
            error, failures=failures, clock_at=clock_at, now=now, place_id=place.pk
        ),
    }
