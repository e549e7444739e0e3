"""`python -m bench.place_jobs`: what each step of the jobs costs the worker, on PostgreSQL.

CPU of this process alone, of what a quarter of a day leaves to be scored and a day to be counted
anew and forgotten: the same rows as `python -m bench.scale --jobs`. `--profile` says where the time
goes.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import redis

from bench import place_hour
from bench.place_hour import Steps
from bench.scale.__main__ import source
from bench.scale.jobs import REWIND, add_past
from weatherapp.operations.local.redis_server import RedisServer

PASSES_A_DAY = {"repair": 1, "forget": 1}  # others are four


def main() -> None:
    options = read_options()
    profile = cProfile.Profile() if options.profile else None
    with (
        TemporaryDirectory() as own,
        RedisServer(Path(own) / "redis.log") as server,
        redis.Redis.from_url(server.url) as client,
        source() as url,
    ):
        place_hour.prepare(server.url, url)
        place_hour.fill(options.places, options.days)
        place_hour.run_hour(Steps(None), client)
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as rows:
            add_past(rows)
            score(Steps(None))  # a place's first pass reads all of its days
            rows.execute(REWIND)
            rows.execute("VACUUM ANALYZE")
        steps = Steps(profile)
        score(steps)
        go_through_days(steps)
    for name, seconds in steps.took_s.items():
        sys.stdout.write(f"{name:24} | {1000 * seconds / options.places:6.2f} ms a place\n")
    a_day = sum(PASSES_A_DAY.get(name, 4) * seconds for name, seconds in steps.took_s.items())
    sys.stdout.write(
        f"{'all, in an hour':24} | {1000 * a_day / options.places / 24:6.2f} ms a place\n"
    )
    if profile:
        pstats.Stats(profile).sort_stats(options.profile).print_stats(options.only, 70)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.place_jobs")
    parser.add_argument("--places", type=int, default=200)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--profile", choices=("tottime", "cumtime"))
    parser.add_argument("--only", default="", help="functions whose file matches, in the profile")
    return parser.parse_args()


def score(steps: Steps) -> None:
    """As weatherapp.passes has it."""
    from weatherapp import passes
    from weatherapp.alerting import verifying
    from weatherapp.forecasting.blending import learn_calibration
    from weatherapp.forecasting.scoring import outcomes
    from weatherapp.models import Place

    ids = list(Place.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), passes.SCORED_TOGETHER):
        part = ids[start : start + passes.SCORED_TOGETHER]
        with steps.time("score"):
            outcomes.score_places(part)
        with steps.time("verify"):
            verifying.verify_alerts(part)
        with steps.time("learn calibrations"):
            learn_calibration.learn_calibrations(part, now=datetime.now(UTC))


def go_through_days(steps: Steps) -> None:
    from weatherapp.forecasting.asking import place_climate
    from weatherapp.intake import retention
    from weatherapp.models import PlaceClimate

    now = datetime.now(UTC)
    PlaceClimate.objects.update(counted_at=now - timedelta(days=2))
    with steps.time("repair"):
        place_climate.repair(now=now)
    with steps.time("forget"):
        retention.forget_old_weather(now=now)


if __name__ == "__main__":
    main()
