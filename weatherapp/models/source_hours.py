"""What SourceForecast.hours holds: see intake/refresh.py, which writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from weatherapp.models.stored import as_number, as_share, as_time, read_list, read_object


@dataclass(frozen=True, slots=True)
class SourceHour:
    """One hour to come; None where the source said nothing."""

    valid_at: datetime
    precipitation_mm: float | None
    precipitation_probability: float | None
    temperature_c: float | None
    wind_speed_ms: float | None
    wind_gust_ms: float | None
    weather_code: int | None


def parse_source_hours(stored: object, row: str) -> tuple[SourceHour, ...]:
    """Those that say of which hour they are."""
    hours = (_parse_hour(read_object(hour, row)) for hour in read_list(stored, row))
    return tuple(hour for hour in hours if hour is not None)


def _parse_hour(facts: Mapping[str, Any]) -> SourceHour | None:
    valid_at, code = as_time(facts.get("valid_at")), as_number(facts.get("weather_code"))
    if valid_at is None:
        return None
    return SourceHour(
        valid_at=valid_at,
        precipitation_mm=as_number(facts.get("precipitation_mm")),
        precipitation_probability=as_share(facts.get("precipitation_probability")),
        temperature_c=as_number(facts.get("temperature_c")),
        wind_speed_ms=as_number(facts.get("wind_speed_ms")),
        wind_gust_ms=as_number(facts.get("wind_gust_ms")),
        weather_code=None if code is None else int(code),
    )
