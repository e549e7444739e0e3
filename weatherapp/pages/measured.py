"""What was measured: the newest reading in short, and the table of the past day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from weatherapp.display.labels import name_direction
from weatherapp.display.weather_codes import describe_weather
from weatherapp.domain.quantities import BY_NAME
from weatherapp.models import Reading
from weatherapp.pages.hours import find_felt
from weatherapp.pages.readings_chart import ReadingRow

COLUMNS = tuple(  # as place/readings_table.html has them
    BY_NAME[name]
    for name in (
        "weather_code",
        "temperature_c",
        "precipitation_mm",
        "wind_speed_ms",
        "wind_gust_ms",
        "wind_direction_deg",
        "dew_point_c",
        "snowfall_cm",
        "pressure_msl_hpa",
    )
)
OF_FEELING = ("temperature_c", "wind_speed_ms", "dew_point_c")


@dataclass(frozen=True, slots=True)
class Measured:
    """The newest reading, and what follows from it; `felt_c` where it differs."""

    reading: Reading
    is_fresh: bool
    felt_c: float | None
    pressure_change_hpa: float | None  # in three hours


@dataclass(frozen=True, slots=True)
class PastHour:
    """A line of the table of readings."""

    observed_at: datetime
    reading: Reading | None
    wind_from: str
    weather: str


def make_measured(
    reading: Reading, *, is_fresh: bool, pressure_change_hpa: float | None
) -> Measured:
    felt_c = find_felt({name: getattr(reading, name) for name in OF_FEELING})
    return Measured(reading, is_fresh, felt_c, pressure_change_hpa)


def list_past_hours(rows: Sequence[ReadingRow]) -> tuple[PastHour, ...]:
    """Newest first."""
    return tuple(_make_past_hour(row) for row in reversed(rows))


def _make_past_hour(row: ReadingRow) -> PastHour:
    degrees = row.reading.wind_direction_deg if row.reading else None
    return PastHour(
        row.observed_at,
        row.reading,
        "" if degrees is None else name_direction(degrees),
        describe_weather(row.reading.weather_code if row.reading else None),
    )
