"""`python -m weatherapp.operations.local`: what stays of `make run` while the site runs.

It knows no Django, so that it is small; `prepare` becomes it.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dyno import process_environment
from weatherapp.operations.local.output import Output
from weatherapp.operations.local.process import Process
from weatherapp.operations.local.procfile import DEMO, PROCFILE, ProcfileError, read_commands
from weatherapp.operations.local.redis_server import RedisServer, RedisServerError
from weatherapp.operations.local.supervisor import Supervisor


def main() -> int:
    """Run the site until it is told to stop; the exit status."""
    options = parse_options(sys.argv[1:])
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # it is a text file
    try:
        commands = read_commands(Path(options.procfile), without=options.without)
        with redis_server(options.redis_log) as server:
            supervise(commands, options.port, server)
    except (ProcfileError, RedisServerError) as error:
        sys.exit(f"{error}")
    print("Stopped.", flush=True)
    return 0


def parse_options(words: list[str]) -> Namespace:
    """As `prepare` passes them on."""
    parser = ArgumentParser(prog="python -m weatherapp.operations.local")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--redis-log", type=Path, required=True)
    parser.add_argument("--procfile", default=PROCFILE)
    parser.add_argument("--without", action="append", default=[])
    return parser.parse_args(words)


def supervise(commands: Mapping[str, str], port: int, server: RedisServer | None) -> None:
    """All processes, from start to end."""
    environment = make_environment(port, server.url if server else os.environ["REDIS_URL"])
    processes = [Process(name, command, environment) for name, command in commands.items()]
    greet(port)
    output = Output(sys.stdout, list(commands))
    Supervisor(processes, output, once=frozenset({DEMO}), redis=server).loop()


@contextmanager
def redis_server(log_path: Path) -> Iterator[RedisServer | None]:
    """One that lives as long as this; None where REDIS_URL names another."""
    if os.environ.get("REDIS_URL"):
        yield None
        return
    with RedisServer(log_path) as server:
        print(f"Started an embedded Redis-compatible server on port {server.port}.", flush=True)
        yield server


def make_environment(port: int, url: str) -> dict[str, str]:
    """What the processes get: this process's environment and where things are here."""
    local = {
        "PORT": str(port),
        "REDIS_URL": url,
        "SITE_URL": f"http://localhost:{port}",
        # The Procfile binds to every address, as a platform wants; here only this machine asks.
        "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}",
        # A line for each task would bury what a newcomer wants to see.
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    return process_environment.ENVIRONMENT | dict(os.environ) | local


def greet(port: int) -> None:
    """Where the site is, and how to stop it."""
    print(
        f"\n  The site:   http://localhost:{port}/"
        f"\n  The admin:  http://localhost:{port}/admin/  user admin, "
        "password as ADMIN_PASSWORD says in .env"
        "\n  Stop with Ctrl-C.\n",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
