"""Answers of the shape that Open-Meteo's documentation agrees on."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from weatherapp.intake.source import PointRequest

VALUES: dict[str, tuple[str, float]] = {
    "temperature_2m": ("°C", 11.5),
    "dew_point_2m": ("°C", 8.2),
    "pressure_msl": ("hPa", 1009.3),
    "wind_speed_10m": ("m/s", 5.4),
    "wind_direction_10m": ("°", 231),
    "precipitation": ("mm", 0.3),
    "snowfall": ("cm", 0.0),
    "precipitation_probability": ("%", 65),
    "wind_gusts_10m": ("m/s", 11.2),
    "weather_code": ("wmo code", 61),
}


def make_item(*, now: datetime, index: int = 0, past: int = 25, ahead: int = 50) -> dict[str, Any]:
    """One place's answer: `past` hours before the running hour of `now`, `ahead` from it on."""
    hour_at = now.replace(minute=0, second=0, microsecond=0)
    times = [hour_at + timedelta(hours=step) for step in range(-past, ahead)]
    item: dict[str, Any] = {
        "latitude": 53.34,
        "longitude": -6.27,
        "generationtime_ms": 0.21,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "timezone_abbreviation": "GMT",
        "elevation": 11.0,
        "hourly_units": {"time": "iso8601"} | {name: unit for name, (unit, _) in VALUES.items()},
        "hourly": {"time": [f"{at:%Y-%m-%dT%H:%M}" for at in times]}
        | {name: [value] * len(times) for name, (_, value) in VALUES.items()},
    }
    return item | ({"location_id": index} if index else {})


def make_items(count: int, *, now: datetime) -> list[dict[str, Any]]:
    """What `count` places get: told apart by their temperature, which is their position."""
    items = [make_item(now=now, index=index) for index in range(count)]
    for index, item in enumerate(items):
        item["hourly"]["temperature_2m"] = [index] * len(item["hourly"]["time"])
    return items


def make_body(*items: dict[str, Any]) -> bytes:
    """An object for one place, a list for several."""
    return json.dumps(items[0] if len(items) == 1 else items).encode()


def make_spots(count: int) -> list[PointRequest]:
    """Places 1, 2, ... one degree apart."""
    return [PointRequest(index + 1, 10.0 + index % 60, 5.0, "") for index in range(count)]
