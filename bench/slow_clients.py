"""How long an honest client waits while hostile ones hold connections: a table.

`python -m bench.slow_clients [--front nginx] [-- --worker-class gthread]` starts what it measures;
`--port 8080` is for whatever already listens there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, mkdtemp

from tests.edge.honest import PATIENCE_S, Answer, ask_for
from tests.edge.hostile import attacked
from tests.edge.proxies import PROXIES
from tests.edge.web import Web, make_environment, prepare, running_web
from tests.postgres import start_postgres
from weatherapp.operations.local.redis_server import RedisServer

PATHS = ("/health", "/")
ATTACKS = [
    ("nobody", 0),
    ("silent", 10),
    ("silent", 100),
    ("unfinished head", 2),
    ("unfinished head", 100),
    ("slow body", 2),
    ("slow body", 100),
    ("large slow body", 100),
    ("idle keep-alive", 100),
    ("never closes", 10),
    ("never closes", 100),
    ("slow reader", 2),
    ("slow reader", 100),
]
HEAD = ["hostile clients", *(f"{path}, {word}" for path in PATHS for word in ("median", "worst"))]


def main() -> None:
    options = read_options()
    with target(options) as (port, web):
        say([*HEAD, "memory (MB)"])
        say(["---"] * (len(HEAD) + 1))
        for kind, count in ATTACKS:
            say(
                [
                    f"{count} x {kind}" if count else kind,
                    *measure(port, kind, count, options),
                    size(web),
                ]
            )


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.slow_clients")
    parser.add_argument("--port", type=int, help="of what already listens on 127.0.0.1")
    parser.add_argument("--front", choices=sorted(PROXIES), help="a proxy as deploy/ sets it up")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seconds", type=float, default=6.0, help="for each kind of client")
    parser.add_argument("gunicorn", nargs="*", help="options for gunicorn, behind --")
    return parser.parse_args()


@contextmanager
def target(options: argparse.Namespace) -> Iterator[tuple[int, Web | None]]:
    if options.port:
        yield options.port, None
        return
    with TemporaryDirectory() as name, RedisServer(Path(name) / "redis.log") as redis:
        folder = Path(name)
        environment = make_environment(folder, REDIS_URL=redis.url, **database(options.database))
        prepare(environment)
        # A new worker each 1,000 requests is another matter.
        with running_web(folder, environment, "--max-requests", "0", *options.gunicorn) as web:
            if not options.front:
                yield web.port, web
                return
            with PROXIES[options.front](folder, web.port) as proxy:
                yield proxy.port, web


def database(kind: str) -> dict[str, str]:
    """PostgreSQL's driver makes the web process larger; its server is not counted."""
    if kind == "sqlite":
        return {}
    # It has a user of its own, who must reach the folder.
    return {"DATABASE_URL": start_postgres(Path(mkdtemp(prefix="weatheralert-bench-")))}


def measure(port: int, kind: str, count: int, options: argparse.Namespace) -> list[str]:
    if not count:
        return describe(ask_for(options.seconds, port, PATHS))
    with attacked(port, kind, count):
        return describe(ask_for(options.seconds, port, PATHS))


def describe(answers: dict[str, list[Answer]]) -> list[str]:
    return [cell for path in PATHS for cell in describe_path(answers[path])]


def describe_path(answers: list[Answer]) -> list[str]:
    """In ms; what was not answered counts as never."""
    times_ms = [1000 * one.elapsed_s if one.status else float("inf") for one in answers]
    return [
        f"{value:.0f} ms" if value < float("inf") else f"none in {PATIENCE_S:.0f} s"
        for value in (median(times_ms), max(times_ms))
    ]


def size(web: Web | None) -> str:
    return f"{web.pss_mb():.0f}" if web else ""


def say(cells: list[str]) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
