"""Places with a past, made inside PostgreSQL: a client would take many times as long."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter

import psycopg

from bench.scale.source import STORMY_VARIANTS, VARIANTS, WET_FROM

# A grid of some 60 km, all over the world but the poles; fetched already, due in 50 minutes.
PLACES = """
INSERT INTO weatherapp_place (name, folded_name, latitude, longitude, time_zone, source, station, country,
    is_active, fetch_error, fetch_failures, fetched_at, backfilled_at, next_refresh_at)
SELECT 'Place ' || n, 'place ' || n, -60 + 0.5 * (n %% 240), -180 + 0.6 * ((n / 240) %% 600), 'UTC', 'open_meteo', '', '',
    true, '', 0, %(now)s, %(now)s, %(now)s::timestamptz + interval '50 minutes'
FROM generate_series(0, %(places)s - 1) AS n"""
# As source.py says it of the place's variant: an hour that is fetched again has not changed.
READINGS = """
INSERT INTO weatherapp_reading (place_id, observed_at, source, received_at, temperature_c, dew_point_c,
    pressure_msl_hpa, wind_speed_ms, wind_gust_ms, wind_direction_deg, precipitation_mm, snowfall_cm,
    weather_code)
SELECT p.id, h, 'open_meteo', h, round((12 + 5 * wave - 3 * front)::numeric, 1),
    round((7 + 2 * wave)::numeric, 1), round((1013 - 9 * front)::numeric, 1),
    round(((4 + 2 * front) * storm)::numeric, 1), round(((7 + 3 * front) * storm)::numeric, 1),
    round((180 + 90 * front)::numeric) %% 360,
    CASE WHEN front > %(wet)s THEN round((20 * (front - %(wet)s))::numeric, 1) ELSE 0 END, 0,
    CASE WHEN front > %(wet)s THEN 61 ELSE 3 END
FROM weatherapp_place p
CROSS JOIN generate_series(%(hour)s::timestamptz - make_interval(hours => %(hours)s),
    %(hour)s::timestamptz - interval '1 hour', interval '1 hour') AS h
CROSS JOIN LATERAL (SELECT ((2 * latitude + 5 * longitude)::int %% %(variants)s + %(variants)s)
    %% %(variants)s AS variant, (extract(epoch FROM h) / 3600)::float AS hour) AS found
CROSS JOIN LATERAL (SELECT sin(2 * pi() * (hour - variant) / 24) AS wave,
    sin(2 * pi() * (hour + 3 * variant) / 97) AS front,
    CASE WHEN variant < %(stormy)s THEN 3 ELSE 1 END AS storm) AS waves
WHERE p.id > %(after)s AND p.id <= %(until)s
ORDER BY p.id, h"""
WEATHER = {"variants": VARIANTS, "stormy": STORMY_VARIANTS, "wet": WET_FROM}
STEP = 500  # places in one statement


def load(url: str, *, places: int, days: int, now: datetime) -> float:
    """Places and `days` of hourly readings; seconds that it took."""
    began_s = perf_counter()
    hour = now.replace(minute=0, second=0, microsecond=0)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        # No looking for the place of each reading.
        connection.execute("SET session_replication_role = replica")
        connection.execute(PLACES, {"now": now, "places": places})
        ids = [row[0] for row in connection.execute("SELECT id FROM weatherapp_place ORDER BY id")]
        for start in range(0, len(ids), STEP):
            span = {"after": ids[start] - 1, "until": ids[min(start + STEP, len(ids)) - 1]}
            connection.execute(READINGS, WEATHER | {"hour": hour, "hours": 24 * days} | span)
        connection.execute("VACUUM ANALYZE")
    return perf_counter() - began_s
