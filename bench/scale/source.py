"""`python -m bench.scale.source PORT`: answers as Open-Meteo does, for as many places as are asked.

A process of its own, and texts that are made once an hour, so that it costs the site little. The
weather is what a calm hour has: at two places of a hundred there is a storm, and at twelve more rain is
likely within six hours. So one place in seven raises an alert in the site's first hour.
"""

from __future__ import annotations

import json
import math
import sys
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

HOUR = timedelta(hours=1)
VARIANTS = 50  # different weathers; the places share them
STORMY_VARIANTS = 1  # of them: a storm at 2 % of the places
WET_FROM = 0.98  # of a front: it rains in 6 % of the hours
UNITS = {
    "temperature_2m": "°C",
    "dew_point_2m": "°C",
    "pressure_msl": "hPa",
    "wind_speed_10m": "m/s",
    "wind_direction_10m": "°",
    "precipitation": "mm",
    "snowfall": "cm",
    "precipitation_probability": "%",
    "wind_gusts_10m": "m/s",
    "weather_code": "wmo code",
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        places = zip(query["latitude"][0].split(","), query["longitude"][0].split(","), strict=True)
        past, ahead = int(query["past_hours"][0]), int(query["forecast_hours"][0])
        hour_at = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        items = [
            render(find_variant(float(north), float(east)), hour_at, past, ahead)
            for north, east in places
        ]
        self.answer(f"[{','.join(items)}]" if len(items) > 1 else items[0])

    def answer(self, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """A line a request would only cost time."""


def find_variant(north: float, east: float) -> int:
    """Neighbours differ: the places lie on a grid of half degrees."""
    return round(2 * north + 5 * east) % VARIANTS


@lru_cache(maxsize=4 * VARIANTS)
def render(variant: int, hour_at: datetime, past: int, ahead: int) -> str:
    """One place's object: the hours from `past` before the running hour to `ahead` from it on."""
    times = [hour_at + step * HOUR for step in range(-past, ahead)]
    columns = {name: [make_value(name, at, variant) for at in times] for name in UNITS}
    return json.dumps(
        {
            "latitude": 0.0,
            "longitude": 0.0,
            "utc_offset_seconds": 0,
            "hourly_units": {"time": "iso8601"} | UNITS,
            "hourly": {"time": [f"{at:%Y-%m-%dT%H:%M}" for at in times]} | columns,
        }
    )


def make_value(name: str, at: datetime, variant: int) -> float:
    """Smooth in time, another phase for each variant; the same whenever it is asked.

    history.py has the same formulas, so that an hour is not mended when it is fetched.
    """
    hours = at.timestamp() / 3600
    wave = math.sin(2 * math.pi * (hours % 24 - variant) / 24)
    front = math.sin(2 * math.pi * (hours + 3 * variant) / 97)  # something passes every four days
    storm = 3.0 if variant < STORMY_VARIANTS else 1.0
    is_wet = front > WET_FROM
    return {
        "temperature_2m": round(12 + 5 * wave - 3 * front, 1),
        "dew_point_2m": round(7 + 2 * wave, 1),
        "pressure_msl": round(1013 - 9 * front, 1),
        "wind_speed_10m": round((4 + 2 * front) * storm, 1),
        "wind_direction_10m": round((180 + 90 * front) % 360),
        "precipitation": round(20 * (front - WET_FROM), 1) if is_wet else 0.0,
        "snowfall": 0.0,
        "precipitation_probability": 90 if is_wet else round(10 + 10 * front),
        "wind_gusts_10m": round((7 + 3 * front) * storm, 1),
        "weather_code": 61 if is_wet else 3,
    }[name]


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
