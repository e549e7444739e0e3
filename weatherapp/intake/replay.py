"""The replay: past observations, as they would have come in. It knows no future."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from weatherapp.domain.spans import floor_hour
from weatherapp.intake.scenes.table import StationHours, load_table
from weatherapp.intake.source import (
    BACKFILL_DAYS,
    PAST_HOURS,
    Hour,
    Outcome,
    PlaceWeather,
    PointRequest,
    SourceError,
    SourceRefusedError,
)

HOURS_PER_DAY = 24


class Replay:
    """Answers from the table of past weather; `now` is the time in the scene."""

    def fetch(self, points: Sequence[PointRequest], *, now: datetime) -> dict[int, Outcome]:
        """By place id: readings up to `now`, never a forecast: there was none on record."""
        return {point.place_id: _answer(point, floor_hour(now)) for point in points}

    def fetch_past(self, point: PointRequest, *, now: datetime) -> tuple[Hour, ...]:
        """As far back as the table goes. Raises SourceRefusedError."""
        hour_at = floor_hour(now)
        return _read_past(_find_station(point, hour_at), hour_at, BACKFILL_DAYS * HOURS_PER_DAY)


def _answer(point: PointRequest, hour_at: datetime) -> Outcome:
    try:
        station = _find_station(point, hour_at)
    except SourceError as error:
        return error
    return PlaceWeather(hour_at=hour_at, readings=_read_past(station, hour_at, PAST_HOURS))


def _find_station(point: PointRequest, hour_at: datetime) -> StationHours:
    """The point's station. Raises SourceRefusedError where it has no such hour."""
    station = load_table().get(point.station)
    if station is None:
        known = ", ".join(sorted(load_table()))
        raise SourceRefusedError(
            f"The replay knows no station “{point.station}”. Its stations: {known}."
        )
    if not station.first_at <= hour_at <= station.last_at:
        raise SourceRefusedError(
            f"The replay has weather of {point.station} from {station.first_at:%Y-%m-%d %H:%M} "
            f"to {station.last_at:%Y-%m-%d %H:%M} UTC, nothing of {hour_at:%Y-%m-%d %H:%M}."
        )
    return station


def _read_past(station: StationHours, hour_at: datetime, count: int) -> tuple[Hour, ...]:
    """The `count` hours up to `hour_at`, oldest first."""
    hours = [hour_at - timedelta(hours=age) for age in reversed(range(count))]
    found = [(observed_at, station.read(observed_at)) for observed_at in hours]
    return tuple(Hour(observed_at, hour) for observed_at, hour in found if hour)
