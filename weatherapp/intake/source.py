"""What every weather source answers, and the ways it can fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from predictor.contract import CLIMATE_DAYS
from weatherapp.net.one_line import one_line

PAST_HOURS = 24
FORECAST_HOURS = 48
BACKFILL_DAYS = CLIMATE_DAYS + 1  # its longest span of wet hours begins before them
LONGEST_ERROR = 400  # characters


class SourceError(Exception):
    """No weather for this place now. The text is for people, and one line whatever came in."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message, LONGEST_ERROR))


class SourceUnavailable(SourceError):
    """Not now: ask again, at `retry_at` where that is known."""

    def __init__(self, message: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class SourceRefused(SourceError):
    """The source says no: the same question gets the same answer until something changes."""


class SourceGarbled(SourceError):
    """The body is not as agreed. Ask once more, then report."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What a source needs to know about a place."""

    place_id: int
    latitude: float
    longitude: float
    station: str


@dataclass(frozen=True, slots=True)
class HourReading:
    """One hour; instant values at `observed_at`, precipitation of the hour that ends there."""

    observed_at: datetime
    temperature_c: float | None = None
    dew_point_c: float | None = None
    pressure_msl_hpa: float | None = None
    wind_speed_ms: float | None = None
    wind_direction_deg: float | None = None
    precipitation_mm: float | None = None


@dataclass(frozen=True, slots=True)
class ForecastHour:
    """One hour to come; precipitation, its probability and gusts of the hour that ends there."""

    valid_at: datetime
    precipitation_mm: float | None = None
    precipitation_probability: float | None = None
    temperature_c: float | None = None
    wind_speed_ms: float | None = None
    wind_gust_ms: float | None = None
    weather_code: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceWeather:
    """Oldest first: hours of (hour - PAST_HOURS, hour] and of (hour, hour + FORECAST_HOURS].

    `hour` is the full hour at or before the `now` of the question. An hour that the source did
    not answer is absent; a source without a forecast answers none.
    """

    hour_at: datetime
    readings: tuple[HourReading, ...]
    forecast: tuple[ForecastHour, ...] = ()


Outcome = PlaceWeather | SourceError


class Source(Protocol):
    """One provider of weather."""

    def fetch(self, spots: Sequence[Spot], *, now: datetime) -> Mapping[int, Outcome]:
        """By place id, an outcome for every spot. Raises nothing for what a source may do."""
        ...

    def fetch_past(self, spot: Spot, *, now: datetime) -> Sequence[HourReading]:
        """BACKFILL_DAYS of readings up to `now`, oldest first, or what there is of them.

        Raises SourceError.
        """
        ...


def floor_hour(at: datetime) -> datetime:
    """The full hour (UTC) at or before `at`."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
