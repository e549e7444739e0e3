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
    SourceError,
    SourceRefused,
    Spot,
)

HOURS_PER_DAY = 24


class Replay:
    """Answers from the table of past weather; `now` is the time in the scene."""

    def fetch(self, spots: Sequence[Spot], *, now: datetime) -> dict[int, Outcome]:
        """By place id: readings up to `now`, never a forecast: there was none on record."""
        return {spot.place_id: _answer(spot, floor_hour(now)) for spot in spots}

    def fetch_past(self, spot: Spot, *, now: datetime) -> tuple[Hour, ...]:
        """As far back as the table goes. Raises SourceRefused."""
        hour_at = floor_hour(now)
        return _read_past(_find_station(spot, hour_at), hour_at, BACKFILL_DAYS * HOURS_PER_DAY)


def _answer(spot: Spot, hour_at: datetime) -> Outcome:
    try:
        station = _find_station(spot, hour_at)
    except SourceError as error:
        return error
    return PlaceWeather(hour_at=hour_at, readings=_read_past(station, hour_at, PAST_HOURS))


def _find_station(spot: Spot, hour_at: datetime) -> StationHours:
    """The spot's station. Raises SourceRefused where it has no such hour."""
    station = load_table().get(spot.station)
    if station is None:
        known = ", ".join(sorted(load_table()))
        raise SourceRefused(f"The replay knows no station “{spot.station}”. Its stations: {known}.")
    if not station.first_at <= hour_at <= station.last_at:
        raise SourceRefused(
            f"The replay has weather of {spot.station} from {station.first_at:%Y-%m-%d %H:%M} "
            f"to {station.last_at:%Y-%m-%d %H:%M} UTC, nothing of {hour_at:%Y-%m-%d %H:%M}."
        )
    return station


def _read_past(station: StationHours, hour_at: datetime, count: int) -> tuple[Hour, ...]:
    """The `count` hours up to `hour_at`, oldest first."""
    hours = [hour_at - timedelta(hours=age) for age in reversed(range(count))]
    found = [(observed_at, station.read(observed_at)) for observed_at in hours]
    return tuple(Hour(observed_at, hour) for observed_at, hour in found if hour)
