"""Forecasts of some hours for stories and days."""

from __future__ import annotations

from datetime import timedelta

from tests.factories import NOON
from weatherapp.domain.series import Series

HOUR = timedelta(hours=1)


def make_series(hours: int = 24, *, first_at=NOON + HOUR, **columns) -> Series:
    """A calm dry day of 10 °C, the first hour an hour after NOON; a number stands for all hours."""
    calm = {"temperature_c": 10.0, "precipitation_mm": 0.0, "precipitation_probability": 0.05}
    filled = {
        name: list(value) if isinstance(value, list | tuple) else [value] * hours
        for name, value in (calm | columns).items()
        if value is not None
    }
    return Series(first_at, filled)


def rain(hours: int = 24, **amounts: float) -> dict[str, list[float]]:
    """Amounts by lead hour (h3=1.5: the third hour), each nearly certain; the other hours dry."""
    mm = [amounts.get(f"h{lead}", 0.0) for lead in range(1, hours + 1)]
    return {
        "precipitation_mm": mm,
        "precipitation_probability": [0.9 if amount else 0.05 for amount in mm],
    }
