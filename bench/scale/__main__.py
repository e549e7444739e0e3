"""Loads a past, lets the site stand still, then lets all places be due at once; prints tables."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from time import sleep

import psycopg
import redis
from celery import Celery

from bench.scale import history
from bench.scale.watching import Watch
from dyno.broker import configure
from tests.postgres import start_postgres
from tests.system.site import Site, free_port, wait_for
from weatherapp.domain.spans import HOUR, floor_hour
from weatherapp.operations.local.redis_server import RedisServer

STILL_S = 120
PATIENCE_S = 3600
JOBS = (
    "score_and_fit",
    "forget_old_weather",
    "repair_climates",
)  # a part of each is done in a tick
Table = list[tuple[str, str]]


def main() -> None:
    options = read_options()
    folder = Path(mkdtemp(prefix="weatheralert-scale-"))  # PostgreSQL's user must reach it
    with (
        TemporaryDirectory() as own,
        RedisServer(Path(own) / "redis.log") as server,
        source() as url,
    ):
        site = Site(
            Path(own),
            DATABASE_URL=start_postgres(folder),
            REDIS_URL=server.url,
            WEATHER_SOURCE="open_meteo",
            OPEN_METEO_URL=url,
            OPEN_METEO_API_KEY="scale",  # a key has no limit of the site's own
            PREDICTOR_RUNTIME=options.runtime,
            LOG_LEVEL="WARNING",
        )
        table = measure(site, server, options)
    width = max(len(name) for name, _ in table)
    for name, value in table:
        sys.stdout.write(f"{name:{width}} | {value}\n")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scale")
    parser.add_argument("--places", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=90, help="of readings in the rows")
    parser.add_argument("--runtime", choices=("tensorflow", "litert"), default="tensorflow")
    return parser.parse_args()


@contextmanager
def source() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.scale.source", str(port)])
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def measure(site: Site, server: RedisServer, options: argparse.Namespace) -> Table:
    site.command("migrate", "--no-input")
    site.command("install_rules")
    took_s = history.load(
        site.environment["DATABASE_URL"],
        places=options.places,
        days=options.days,
        now=datetime.now(UTC),
    )
    say(f"{options.places} places with {options.days} days are loaded after {took_s:.0f} s")
    now = datetime.now(UTC)
    newest = f"datetime.fromisoformat('{floor_hour(now) - HOUR}')"
    site.command(
        *("shell", "--no-imports", "-c"),
        "from datetime import datetime; from bench.scale.climates import count_all; "
        f"count_all(newest_at={newest}, now=datetime.fromisoformat('{now}'))",
    )
    say("what was usual is counted, as once a day")
    table: Table = [("places", f"{options.places:,}")]
    with (
        psycopg.connect(site.environment["DATABASE_URL"], autocommit=True) as rows,
        redis.Redis.from_url(server.url) as client,
        site.running(),
        Watch(site, client) as watch,
    ):
        wait_for("three Celery processes are ready", lambda: site_is_up(site))
        table += stand_still(watch)
        table += run_hour(rows, watch, options.places)
        table += run_jobs(rows, watch, server.url)
        table += weigh(rows, options.places)
    return table


def site_is_up(site: Site) -> bool:
    return all(site.processes().values())


def stand_still(watch: Watch) -> Table:
    """What the minute's ticks cost when nothing is due."""
    sleep(15)  # what the start itself takes is no tick
    before = watch.cpu_s()
    sleep(STILL_S)
    took = {name: seconds - before[name] for name, seconds in watch.cpu_s().items()}
    say("stood still")
    return [
        (f"{name}: CPU a minute when nothing is due", f"{60 * took[name] / STILL_S:.2f} s")
        for name in ("worker", "beat")
    ]


def run_hour(rows: psycopg.Connection, watch: Watch, places: int) -> Table:
    """All places are due at the same tick."""
    watch.reset()
    before = watch.cpu_s()
    sleep(60 - datetime.now(UTC).second - 1)  # beat ticks at the full minute
    due = "UPDATE weatherapp_place SET next_refresh_at = now()"
    rows.execute(due)
    tick_at = (datetime.now(UTC) + timedelta(minutes=1)).replace(second=0, microsecond=0)
    count = "SELECT count(*), min(answered_at), max(answered_at) FROM weatherapp_prediction"
    wait_for(
        "all places are predicted",
        lambda: say_progress(rows, watch) >= places,
        PATIENCE_S,
    )
    _, first_at, last_at = rows.execute(count).fetchone() or (0, tick_at, tick_at)
    took = {name: seconds - before.get(name, 0.0) for name, seconds in watch.cpu_s().items()}
    alerts = rows.execute("SELECT count(*) FROM weatherapp_alert").fetchone() or (0,)
    return [
        (
            "from the tick to the first stored prediction",
            f"{(first_at - tick_at).total_seconds():.0f} s",
        ),
        (
            "from the tick to the last stored prediction",
            f"{(last_at - tick_at).total_seconds():.0f} s",
        ),
        *(
            (f"{name}: CPU a place", f"{1000 * seconds / places:.1f} ms")
            for name, seconds in sorted(took.items())
        ),
        *(
            (f"{name}: highest PSS", f"{size:.0f} MB")
            for name, size in sorted(watch.pss_mb.items())
        ),
        ("Redis, highest", f"{watch.redis_mb:.1f} MB"),
        ("alerts raised", f"{alerts[0]:,}"),
    ]


def say_progress(rows: psycopg.Connection, watch: Watch) -> int:
    sleep(5)
    done = (rows.execute("SELECT count(*) FROM weatherapp_prediction").fetchone() or (0,))[0]
    say(f"{datetime.now(UTC):%H:%M:%S} {done} predictions, Redis at most {watch.redis_mb:.1f} MB")
    return int(done)


def run_jobs(rows: psycopg.Connection, watch: Watch, redis_url: str) -> Table:
    """A tick of each of the jobs that go through all places by parts, one after the other."""
    asker = configure(Celery("scale", fixups=[], set_as_current=False))
    asker.conf.broker_url = redis_url
    table: Table = []
    for job in JOBS:
        watch.reset()
        began_at = datetime.now(UTC)
        asker.send_task(f"weatherapp.tasks.{job}", queue="default")
        finished = "SELECT max(finished_at) FROM weatherapp_tickrun WHERE name LIKE %s"
        try:
            wait_for(
                f"{job} finishes",
                lambda: is_after(rows, finished, job, began_at),  # noqa: B023 - asked at once
                600,
            )
            took = f"{(datetime.now(UTC) - began_at).total_seconds():.0f} s"
        except AssertionError:
            took = "not in 600 s"
        table.append((f"{job}", f"{took}, worker at most {watch.pss_mb.get('worker', 0):.0f} MB"))
    return table


def is_after(rows: psycopg.Connection, statement: str, job: str, at: datetime) -> bool:
    newest = (rows.execute(statement, [f"%{job}"]).fetchone() or (None,))[0]
    return newest is not None and newest > at


def weigh(rows: psycopg.Connection, places: int) -> Table:
    """Rows and bytes, indexes with them."""
    sizes = rows.execute(
        "SELECT relname, n_live_tup, pg_total_relation_size(relid) FROM pg_stat_user_tables "
        "WHERE pg_total_relation_size(relid) > 1000000 ORDER BY 3 DESC"
    )
    return [
        (
            f"table {name}",
            f"{count:,} rows, {size / 1e6:.0f} MB, {size / places / 1e3:.1f} kB a place",
        )
        for name, count, size in sizes.fetchall()
    ]


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
