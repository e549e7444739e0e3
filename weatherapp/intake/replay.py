"""The replay: past observations, as they would have come in. It knows no future."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from weatherapp.intake.scenes.table import StationHours, load_table
from weatherapp.intake.source import (
    PAST_HOURS,
    HourReading,
    Outcome,
    PlaceWeather,
    SourceRefused,
    Spot,
    floor_hour,
)


class Replay:
    """Answers from the table of past weather; `now` is the time in the scene."""

    def fetch(self, spots: Sequence[Spot], *, now: datetime) -> dict[int, Outcome]:
        """By place id: readings up to `now`, never a forecast: there was none on record."""
        return {spot.place_id: _answer(spot, floor_hour(now)) for spot in spots}


def _answer(spot: Spot, hour_at: datetime) -> Outcome:
    station = load_table().get(spot.station)
    if station is None:
        known = ", ".join(sorted(load_table()))
        return SourceRefused(
            f"The replay knows no station “{spot.station}”. Its stations: {known}."
        )
    if not station.first_at <= hour_at <= station.last_at:
        return SourceRefused(
            f"The replay has weather of {spot.station} from {station.first_at:%Y-%m-%d %H:%M} "
            f"to {station.last_at:%Y-%m-%d %H:%M} UTC, nothing of {hour_at:%Y-%m-%d %H:%M}."
        )
    return PlaceWeather(hour_at=hour_at, readings=_read_past_day(station, hour_at))


def _read_past_day(station: StationHours, hour_at: datetime) -> tuple[HourReading, ...]:
    hours = [hour_at - timedelta(hours=age) for age in reversed(range(PAST_HOURS))]
    found = [(observed_at, station.read(observed_at)) for observed_at in hours]
    return tuple(HourReading(observed_at, **hour) for observed_at, hour in found if hour)
