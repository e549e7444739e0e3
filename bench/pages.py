"""What the pages cost: requests a second and the 95th percentile, beside a Django view that is bare.

`python -m bench.pages` starts PostgreSQL and the Procfile's web process, with few places and with a
storm over many, and prints the table of docs/scale.md.
"""

from __future__ import annotations

import argparse
import http.client
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from random import choice
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter

import psycopg

from bench.measure import percentile
from tests import ROOT
from tests.edge.web import SITE, Web, make_environment, prepare, running_web
from tests.postgres import start_postgres

CLIENTS = 8
LASTS_S = 5.0
STORE = """
import django; django.setup()
from django.utils import timezone
from bench.many_rows import store_storm
store_storm(places={places}, alerts={alerts}, now=timezone.now())
from weatherapp.models import Alert
alert = Alert.objects.order_by("pk").first()
print(alert.place_id, alert.pk)
"""
FETCHED = "UPDATE weatherapp_place SET fetched_at = now() WHERE id = %s"
HEAD = ("page", "reader", "requests/s", "of bare", "p95, ms", "CPU, ms", "bare's CPU to it")


@dataclass(frozen=True)
class Figures:
    """`cpu_ms` is the web worker's own for a request, which other work on the machine disturbs least."""

    per_s: float
    p95_ms: float
    cpu_ms: float


Ask = Callable[[http.client.HTTPConnection], None]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pages")
    parser.add_argument("--places", type=int, default=10_000)
    parser.add_argument("--alerts", type=int, default=2_500)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        bare = measure_bare(Path(folder))
        say(HEAD)
        say(["---"] * len(HEAD))
        tell("a bare Django view", "", bare, bare)
        for places, alerts in ((4, 4), (options.places, options.alerts)):
            measure_site(Path(folder), places, alerts, bare)


def measure_bare(folder: Path) -> Figures:
    bare = "bench.baselines.bare_django"
    with web(folder, make_environment(folder), bare) as running:
        return measure(running, partial(get, "/"))


def measure_site(folder: Path, places: int, alerts: int, bare: Figures) -> None:
    own = folder / str(places)
    own.mkdir()
    database = start_postgres(own)
    environment = make_environment(own, DATABASE_URL=database, LOG_LEVEL="WARNING")
    prepare(environment)
    ids = run(environment, STORE.format(places=places, alerts=alerts)).split()
    place, alert = map(int, ids)
    addresses = {"home": "/", "place": f"/places/{place}/", "alert": f"/alerts/{alert}/"}
    readers = {"first": always_new, "next": get, "304": ask_again}
    others = {
        "place": partial(always_another, "/places/{}/", range(place, place + places)),
        "alert": partial(always_another, "/alerts/{}/", range(alert, alert + alerts)),
    }
    title = f"{places:,} places, {alerts:,} alerts"
    with web(own, environment) as running, changing(database, range(place, place + places)):
        for name, address in addresses.items():
            for reader, make_ask in readers.items():
                figures = measure(running, partial(make_ask, address))
                tell(f"{name}, {title}", reader, figures, bare)
            if name in others:
                tell(f"{name}, {title}", "another", measure(running, others[name]), bare)


@contextmanager
def changing(database: str, places: range) -> Iterator[None]:
    """As often as an hour brings: each place is fetched once in it."""
    done = Event()

    def change() -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            while not done.wait(3600 / len(places)):
                connection.execute(FETCHED, [choice(places)])  # noqa: S311

    with ThreadPoolExecutor(1) as pool:
        changes = pool.submit(change)
        try:
            yield
        finally:
            done.set()
            changes.result()


@contextmanager
def web(folder: Path, environment: dict[str, str], app: str = SITE) -> Iterator[Web]:
    """Without --max-requests: a restart is no page."""
    with running_web(folder, environment, "--max-requests", "0", app=app) as running:
        yield running


def get(address: str) -> Ask:
    def ask(connection: http.client.HTTPConnection) -> None:
        fetch(connection, address, {"Accept-Encoding": "gzip"})

    return ask


_numbers = count()


def always_new(address: str) -> Ask:
    """Another `seen` is another page: each is rendered."""

    def ask(connection: http.client.HTTPConnection) -> None:
        fetch(connection, f"{address}?shown={next(_numbers)}", {"Accept-Encoding": "gzip"})

    return ask


def always_another(address: str, ids: range) -> Ask:
    """Each is somebody else's place: hardly anything of it was shown before."""

    def ask(connection: http.client.HTTPConnection) -> None:
        another = address.format(ids[next(_numbers) % len(ids)])
        fetch(connection, another, {"Accept-Encoding": "gzip"})

    return ask


def ask_again(address: str) -> Ask:
    """As browsers do, with the newest ETag."""
    etags = [""]

    def ask(connection: http.client.HTTPConnection) -> None:
        etags[0] = fetch(
            connection, address, {"Accept-Encoding": "gzip", "If-None-Match": etags[0]}
        )

    return ask


def fetch(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> str:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status not in (200, 304):
        raise ValueError(f"{path}: {answer.status}")
    return answer.headers.get("ETag", "")


def measure(web: Web, make_ask: Callable[[], Ask]) -> Figures:
    """What clients that ask on and on are given."""
    worker = web.worker()
    begin_s, cpu_s = perf_counter(), sum(worker.cpu_times()[:2])

    def keep_asking(ask: Ask) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)
        times_s = []
        while perf_counter() - begin_s < LASTS_S:
            started_s = perf_counter()
            ask(connection)
            times_s.append(perf_counter() - started_s)
        return times_s

    with ThreadPoolExecutor(CLIENTS) as pool:
        parts = list(pool.map(keep_asking, [make_ask() for _ in range(CLIENTS)]))
    times_s = [time_s for part in parts for time_s in part]
    return Figures(
        per_s=len(times_s) / (perf_counter() - begin_s),
        p95_ms=1000 * percentile(times_s, 95),
        cpu_ms=1000 * (sum(worker.cpu_times()[:2]) - cpu_s) / len(times_s),
    )


def run(environment: dict[str, str], code: str) -> str:
    command = [sys.executable, "-c", code]
    path = {"PYTHONPATH": str(ROOT) + os.pathsep + environment.get("PYTHONPATH", "")}
    return subprocess.run(
        command, cwd=ROOT, env=environment | path, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def tell(page: str, reader: str, told: Figures, bare: Figures) -> None:
    shares = f"{told.per_s / bare.per_s:.0%}", f"{bare.cpu_ms / told.cpu_ms:.0%}"
    say(
        [
            page,
            reader,
            f"{told.per_s:,.0f}",
            shares[0],
            f"{told.p95_ms:.0f}",
            f"{told.cpu_ms:.1f}",
            shares[1],
        ]
    )


def say(cells: object) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
