"""What feeds of 500 alerts cost: written anew, handed out again, and "nothing new" (304).

`python -m bench.feeds` stores 500 alerts in a database of its own, publishes them, and asks for each
feed in one process; it prints the table of docs/publishing.md.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

FORMS = (
    "alerts.atom",
    "alerts.rss",
    "alerts.geojson",
    "alerts.geojson?geometry=polygon",
    "alerts.json",
)
HEAD = ("feed", "kB", "kB by gzip", "anew, ms", "again, ms", "304, ms", "queries anew", "of a 304")
TIMES = 20
GOAL_MS = 50.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.feeds")
    parser.add_argument("--alerts", type=int, default=500)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        start(Path(folder))
        fill(options.alerts)
        print("| " + " | ".join(HEAD) + " |")
        print("| " + " | ".join(["---"] * len(HEAD)) + " |")
        slow = [form for form in FORMS if measure(form) > GOAL_MS]
    if slow:
        sys.exit(f"Slower than {GOAL_MS} ms when handed out again: {', '.join(slow)}")


def start(folder: Path) -> None:
    os.environ |= {
        "SECRET_KEY": "bench-only",
        "ALLOWED_HOSTS": "testserver",
        "SITE_URL": "http://testserver",
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "VAR_DIR": str(folder),
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "weatheralert.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)


def fill(alerts: int) -> None:
    """As a worker publishes them."""
    from django.utils import timezone

    from bench.many_rows import ALERTS_A_PLACE, store_storm
    from weatherapp.models import Alert
    from weatherapp.publishing.workflow import publish_due

    now = timezone.now()
    store_storm(places=alerts // ALERTS_A_PLACE, alerts=alerts, now=now)
    Alert.objects.update(publish_at=now)
    began_s = perf_counter()
    while publish_due(now=now):
        pass
    print(f"{alerts} alerts published in {perf_counter() - began_s:.1f} s.\n")


def measure(form: str) -> float:
    """Prints the row; milliseconds of an answer that is handed out again."""
    from django.test import Client

    from weatherapp.pages.shared_pages import shared_pages

    client, address = Client(), f"/feeds/{form}"
    zipped = {"Accept-Encoding": "gzip"}

    def ask(headers: dict[str, str] = zipped) -> Any:
        return client.get(address, headers=headers)

    def ask_anew() -> None:
        shared_pages.clear()
        ask()

    anew_ms = take(ask_anew)
    queries = count_queries(ask_anew)
    first = client.get(address)
    again_ms = take(ask)
    known = zipped | {"If-None-Match": first.headers["ETag"]}
    unchanged_ms = take(lambda: ask(known))
    if ask(known).status_code != 304:
        sys.exit(f"{address} is not known again by its ETag.")
    shared_pages.clear()
    of_304 = count_queries(lambda: ask(known))
    sizes = (len(first.content) / 1000, len(ask().content) / 1000)
    cells = (
        *(f"{size:.0f}" for size in sizes),
        f"{anew_ms:.0f}",
        f"{again_ms:.1f}",
        f"{unchanged_ms:.1f}",
    )
    print("| " + " | ".join([f"`{address}`", *cells, str(queries), str(of_304)]) + " |")
    return again_ms


def count_queries(ask: Callable[[], object]) -> int:
    from django.core.cache import caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    caches["parts"].clear()  # of a second
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def take(ask: Callable[[], object]) -> float:
    """Milliseconds of the processor, which other work disturbs least: the median of many."""
    times_s = []
    ask()
    for _ in range(TIMES):
        began_s = process_time()
        ask()
        times_s.append(process_time() - began_s)
    return median(times_s) * 1000


if __name__ == "__main__":
    main()
