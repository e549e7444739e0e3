"""What is coming in the next hours, quantity by quantity; None: no data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from weatherapp.alerting.engine.facts import Facts
from weatherapp.display.weather_codes import describe_weather
from weatherapp.domain.conditions import Basis
from weatherapp.domain.spans import HOUR, floor_hour

HOURS = 24
THUNDER = 95  # WMO 4677: from here on thunder, and worse as the number grows


@dataclass(frozen=True, slots=True)
class Coming:
    """Of the next HOURS hours, as the source forecasts them; and what rose or fell until now."""

    until_at: datetime
    is_forecast_known: bool
    temperature_low_c: float | None
    temperature_high_c: float | None
    wind_speed_ms: float | None
    wind_gust_ms: float | None
    precipitation_mm: float | None
    snowfall_cm: float | None
    thunder: str
    pressure_change_hpa: float | None  # measured, in three hours


def read_coming(facts: Facts, *, now: datetime) -> Coming:
    """`now` is the place's clock."""

    def of(name: str, summary: Callable[[list[float]], float]) -> float | None:
        values = _ahead(facts, name, now)
        return summary(values) if values else None

    codes = _ahead(facts, "weather_code", now)
    worst = max(codes, default=0.0)
    return Coming(
        until_at=floor_hour(now) + HOURS * HOUR,
        is_forecast_known=facts.is_fresh(Basis.FORECAST, now),
        temperature_low_c=of("temperature_c", min),
        temperature_high_c=of("temperature_c", max),
        wind_speed_ms=of("wind_speed_ms", max),
        wind_gust_ms=of("wind_gust_ms", max),
        precipitation_mm=of("precipitation_mm", sum),
        snowfall_cm=of("snowfall_cm", sum),
        thunder=describe_weather(worst) if worst >= THUNDER else "",
        pressure_change_hpa=_pressure_change(facts, now),
    )


def _ahead(facts: Facts, name: str, now: datetime) -> list[float]:
    if facts.forecast is None or not facts.is_fresh(Basis.FORECAST, now):
        return []
    start_at = floor_hour(now)
    known = facts.forecast.series.known(name, after=start_at, until=start_at + HOURS * HOUR)
    return [value for _, value in known]


def _pressure_change(facts: Facts, now: datetime) -> float | None:
    if facts.measured is None or not facts.is_fresh(Basis.MEASURED, now):
        return None
    newest_at = facts.measured.newest_at
    series = facts.measured.series
    before, after = series.at(newest_at - 3 * HOUR), series.at(newest_at)
    if "pressure_msl_hpa" not in before or "pressure_msl_hpa" not in after:
        return None
    return after["pressure_msl_hpa"] - before["pressure_msl_hpa"]
