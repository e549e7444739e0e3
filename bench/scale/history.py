"""Places with a past, made inside PostgreSQL: a client would take many times as long."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter

import psycopg

# A grid of some 60 km, all over the world but the poles; fetched already, due in 50 minutes.
PLACES = """
INSERT INTO weatherapp_place (name, latitude, longitude, time_zone, source, station, country,
    is_active, fetch_error, fetch_failures, fetched_at, backfilled_at, next_refresh_at)
SELECT 'Place ' || n, -60 + 0.5 * (n %% 240), -180 + 0.6 * ((n / 240) %% 600), 'UTC', 'open_meteo', '', '',
    true, '', 0, %(now)s, %(now)s, %(now)s::timestamptz + interval '50 minutes'
FROM generate_series(0, %(places)s - 1) AS n"""
# Temperate, wet in some 10 of 97 hours. By place and hour, as they would have come.
READINGS = """
INSERT INTO weatherapp_reading (place_id, observed_at, source, received_at, temperature_c, dew_point_c,
    pressure_msl_hpa, wind_speed_ms, wind_gust_ms, wind_direction_deg, precipitation_mm, snowfall_cm,
    weather_code)
SELECT p.id, h, 'open_meteo', h, round((12 + 5 * w - 3 * f)::numeric, 1), 7, round((1013 - 9 * f)::numeric, 1),
    round((4 + 2 * f)::numeric, 1), round((7 + 3 * f)::numeric, 1), 180,
    CASE WHEN f > 0.8 THEN round((2 * (f - 0.8))::numeric, 2) ELSE 0 END, 0,
    CASE WHEN f > 0.8 THEN 61 ELSE 3 END
FROM weatherapp_place p
CROSS JOIN generate_series(%(hour)s::timestamptz - make_interval(hours => %(hours)s),
    %(hour)s::timestamptz - interval '1 hour', interval '1 hour') AS h
CROSS JOIN LATERAL (SELECT sin(2 * pi() * (extract(epoch FROM h) / 3600 - p.id) / 24) AS w,
    sin(2 * pi() * (extract(epoch FROM h) / 3600 + 3 * p.id) / 97) AS f) AS waves
WHERE p.id > %(after)s AND p.id <= %(until)s
ORDER BY p.id, h"""
STEP = 500  # places in one statement


def load(url: str, *, places: int, days: int, now: datetime) -> float:
    """Places and `days` of hourly readings; seconds that it took."""
    began_s = perf_counter()
    hour = now.replace(minute=0, second=0, microsecond=0)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute(PLACES, {"now": now, "places": places})
        ids = [row[0] for row in connection.execute("SELECT id FROM weatherapp_place ORDER BY id")]
        for start in range(0, len(ids), STEP):
            span = {"after": ids[start] - 1, "until": ids[min(start + STEP, len(ids)) - 1]}
            connection.execute(READINGS, {"hour": hour, "hours": 24 * days} | span)
        connection.execute("VACUUM ANALYZE")
    return perf_counter() - began_s
