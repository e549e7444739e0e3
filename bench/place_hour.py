"""`python -m bench.place_hour`: what an hour of one place costs the worker, on PostgreSQL.

CPU of this process alone: the stand-in for Open-Meteo and the database have processes of their
own. Places have 100 days of readings; each hour brings one more, and mends the one before.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import process_time
from urllib.parse import parse_qs, urlsplit

PLACES = 100
DAYS = 100
HOURS = 8
HOUR = timedelta(hours=1)
BEGINS_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SPREADS = {  # of a column: lowest value, number of steps, step
    "temperature_2m": (2.0, 180, 0.1),
    "dew_point_2m": (-3.0, 120, 0.1),
    "pressure_msl": (985.0, 500, 0.1),
    "wind_speed_10m": (0.0, 150, 0.1),
    "wind_direction_10m": (0, 360, 1),
    "precipitation": (0.0, 9, 0.1),
    "snowfall": (0.0, 1, 0.1),
    "precipitation_probability": (0, 100, 1),
    "wind_gusts_10m": (0.0, 250, 0.1),
    "weather_code": (0, 60, 1),
}
UNITS = {
    "time": "iso8601", "temperature_2m": "°C", "dew_point_2m": "°C", "pressure_msl": "hPa",
    "wind_speed_10m": "m/s", "wind_direction_10m": "°", "precipitation": "mm", "snowfall": "cm",
    "precipitation_probability": "%", "wind_gusts_10m": "m/s", "weather_code": "wmo code",
}  # fmt: skip
HISTORY = """
INSERT INTO weatherapp_reading (place_id, observed_at, source, received_at, temperature_c,
    dew_point_c, pressure_msl_hpa, wind_speed_ms, wind_gust_ms, wind_direction_deg,
    precipitation_mm, snowfall_cm, weather_code)
SELECT place.id, at, 'open_meteo', at, 2 + random() * 18, -3 + random() * 12,
    985 + random() * 50, random() * 15, random() * 25, random() * 360,
    greatest(0, random() * 3 - 2.6), 0, 3
FROM weatherapp_place AS place, generate_series(%s, %s, interval '1 hour') AS at
"""


class StandIn(BaseHTTPRequestHandler):
    """Answers as Open-Meteo does, at the hour that the bench is at."""

    hour_at = BEGINS_AT
    clock: Connection

    def do_GET(self) -> None:
        while self.clock.poll():
            StandIn.hour_at = self.clock.recv()
        count = len(parse_qs(urlsplit(self.path).query)["latitude"][0].split(","))
        body = json.dumps([make_item(index, self.hour_at) for index in range(count)]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the table is all that is printed."""


def make_item(index: int, hour_at: datetime) -> dict[str, object]:
    """An hour has the same values each time, but for the newest, which is mended once."""
    times = [hour_at + step * HOUR for step in range(-25, 50)]
    hourly: dict[str, object] = {"time": [f"{at:%Y-%m-%dT%H:%M}" for at in times]}
    for column, (low, steps, step) in enumerate(SPREADS.values()):
        seeds = [int(at.timestamp()) // 3600 * 7 + (at == hour_at) for at in times]
        hourly[list(SPREADS)[column]] = [
            round(low + (seed * 13 + index * 5 + column * 3) % steps * step, 1) for seed in seeds
        ]
    place = {"location_id": index} if index else {}
    return place | {"utc_offset_seconds": 0, "hourly_units": UNITS, "hourly": hourly}


def serve(clock: Connection) -> None:
    StandIn.clock = clock
    server = HTTPServer(("127.0.0.1", 0), StandIn)
    clock.send(server.server_port)
    server.serve_forever()


@contextmanager
def run_stand_in() -> Iterator[Connection]:
    """Its clock is set by sending hours; the first thing that it says is its port."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=serve, args=(theirs,))
    process.start()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def main() -> None:
    with run_stand_in() as clock:
        prepare(clock.recv())
        place_ids = fill()
        rows = [measure_hour(clock, place_ids, BEGINS_AT + step * HOUR) for step in range(HOURS)]
    lines = ["CPU of a place-hour in ms | fetch and store | window", "---|---|---"]
    fetch_ms, window_ms = (sorted(column) for column in zip(*rows[1:], strict=True))
    middle = len(fetch_ms) // 2
    lines.append("first hour | {:.2f} | {:.2f}".format(*rows[0]))
    lines.append(
        f"median of the next {HOURS - 1} | {fetch_ms[middle]:.2f} | {window_ms[middle]:.2f}"
    )
    sys.stdout.write("\n".join(lines) + "\n")


def prepare(port: int) -> None:
    os.environ |= {
        "TEST_DATABASE": "postgres",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "OPEN_METEO_URL": f"http://127.0.0.1:{port}",
        "OPEN_METEO_API_KEY": "no limit",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def fill() -> list[int]:
    from django.db import connection

    from weatherapp.models import Place

    places = [
        Place(name=f"Place {n}", latitude=n / 2, longitude=n, source="open_meteo")
        for n in range(PLACES)
    ]
    Place.objects.bulk_create(places)
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, [BEGINS_AT - timedelta(days=DAYS), BEGINS_AT - HOUR])
        cursor.execute("ANALYZE")
    return [place.pk for place in places]


def measure_hour(clock: Connection, place_ids: list[int], now: datetime) -> tuple[float, float]:
    """Milliseconds a place."""
    from weatherapp.forecasting.asking.window import build_window
    from weatherapp.intake.refresh import refresh
    from weatherapp.models import Place

    clock.send(now)
    started_s = process_time()
    refreshed = refresh(place_ids, now=now)
    fetched_s = process_time()
    for place in Place.objects.filter(pk__in=refreshed):
        build_window(place, now=now)
    built_s = process_time()
    if len(refreshed) != len(place_ids):
        raise RuntimeError("the stand-in did not answer for all places")
    scale = 1000 / len(place_ids)
    return (fetched_s - started_s) * scale, (built_s - fetched_s) * scale


if __name__ == "__main__":
    main()
