"""Loads a past, lets the site stand still, then lets all places be due at once; prints tables."""

from __future__ import annotations

import argparse
import atexit
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp

import psutil
import psycopg
import redis

from bench.scale import history
from bench.scale.hour import run_hour, stand_still
from bench.scale.jobs import run_jobs
from bench.scale.watching import Watch
from tests import ROOT
from tests.postgres import start_postgres
from tests.system.site import Site, free_port, wait_for
from weatherapp.domain.spans import HOUR, floor_hour
from weatherapp.operations.local.procfile import parse_procfile
from weatherapp.operations.local.redis_server import RedisServer

# A site that is new goes through all places in its first minutes.
PASSES_ARE_OVER = """
INSERT INTO weatherapp_placepass (name, began_at, after_place, is_over)
SELECT name, now(), 0, true
FROM unnest(ARRAY['score_and_fit', 'forget_old_weather', 'repair_climates']) AS name
"""


def main() -> None:
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # nothing is left behind
    folder = Path(mkdtemp(prefix="weatheralert-scale-"))  # PostgreSQL's user must reach it
    atexit.register(rmtree, folder, ignore_errors=True)  # when the server has stopped
    with (
        TemporaryDirectory() as own,
        RedisServer(Path(own) / "redis.log") as server,
        source() as url,
    ):
        site = Site(
            Path(own),
            procfile=str(write_procfile(Path(own), options)),
            DATABASE_URL=start_postgres(folder),
            REDIS_URL=server.url,
            WEATHER_SOURCE="open_meteo",
            OPEN_METEO_URL=url,
            OPEN_METEO_API_KEY="scale",  # a key has no limit of the site's own
            PREDICTOR_RUNTIME=options.runtime,
            LOG_LEVEL="WARNING",
        )
        load(site, options)
        for name, value in measure(site, server, folder, options):
            sys.stdout.write(f"{name:46} | {value}\n")
            sys.stdout.flush()  # whatever comes later


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scale")
    parser.add_argument("--places", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=90, help="of readings in the rows")
    parser.add_argument("--runtime", choices=("tensorflow", "litert"), default="tensorflow")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument(
        "--without-predictor", action="store_true", help="the hour ends with the last weather"
    )
    parser.add_argument("--jobs", action="store_true", help="whole passes of the jobs, too")
    parser.add_argument("--still", type=int, default=120, help="seconds without anything to do")
    parser.add_argument("--patience", type=int, default=3600, help="seconds, for each part")
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


def write_procfile(folder: Path, options: argparse.Namespace) -> Path:
    """The Procfile, with as many workers as are wanted: elsewhere a number scales them."""
    lines = parse_procfile((ROOT / "Procfile").read_text())
    if options.without_predictor:
        del lines["predictor"]
    for number in range(2, options.workers + 1):
        lines[f"worker{number}"] = lines["worker"].replace("worker@%h", f"worker@{number}-%h")
    path = folder / "Procfile"
    path.write_text("".join(f"{name}: {command}\n" for name, command in lines.items()))
    return path


def load(site: Site, options: argparse.Namespace) -> None:
    site.command("migrate", "--no-input")
    site.command("install_rules")
    now = datetime.now(UTC)
    url = site.environment["DATABASE_URL"]
    took_s = history.load(url, places=options.places, days=options.days, now=now)
    say(f"{options.places} places with {options.days} days are loaded after {took_s:.0f} s")
    newest = f"datetime.fromisoformat('{floor_hour(now) - HOUR}')"
    site.command(
        *("shell", "--no-imports", "-c"),
        "from datetime import datetime; from bench.scale.climates import count_all; "
        f"count_all(newest_at={newest}, now=datetime.fromisoformat('{now}'))",
    )
    say("what was usual is counted, as once a day")
    with psycopg.connect(url, autocommit=True) as rows:
        rows.execute(PASSES_ARE_OVER)


def measure(
    site: Site, server: RedisServer, folder: Path, options: argparse.Namespace
) -> Iterator[tuple[str, str]]:
    yield "places", f"{options.places:,}"
    yield "workers", f"{options.workers}"
    postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    servers = {
        "PostgreSQL": psutil.Process(postmaster),
        "Redis": psutil.Process(server.process.pid),
    }
    own = {"autocommit": True, "application_name": "bench"}
    url = site.environment["DATABASE_URL"]
    with (
        psycopg.connect(url, **own) as rows,
        psycopg.connect(url, **own) as looks,
        redis.Redis.from_url(server.url) as client,
        site.running(),
        Watch(site, client, looks, servers, workers=options.workers) as watch,
    ):
        wait_for("the Celery processes are ready", lambda: is_up(site, options.workers))
        yield from stand_still(watch, options.still)
        say("stood still")
        yield from run_hour(
            rows,
            watch,
            places=options.places,
            patience_s=options.patience,
            is_asked=not options.without_predictor,
        )
        if options.jobs:
            yield from run_jobs(
                rows,
                watch,
                redis_url=server.url,
                places=options.places,
                patience_s=options.patience,
            )


def is_up(site: Site, workers: int) -> bool:
    """A worker is two processes, once it is ready."""
    found = site.processes()
    return all(found.values()) and len(found["worker"]) >= 2 * workers


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
