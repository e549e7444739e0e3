"""The local run: server, database, demo, and exactly the Procfile's processes."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connections
from honcho.environ import parse_procfile
from honcho.printer import Printer

from dyno import lean
from weatherapp.operations.local.redis_server import RedisServer
from weatherapp.operations.local.supervisor import Supervisor

DEFAULT_PORT = 8000
PROCFILE = "Procfile"
DEMO = "demo"
RELEASE = "release"  # the line that a deploy runs once; here `_prepare` does its work
SENDER = "sender"  # a second worker for those who scale; here one worker does everything


class LocalRunError(RuntimeError):
    """The site cannot be run here; the message says why and what to do."""


class Output(Protocol):
    def write(self, text: str) -> object: ...


def run(*, port: int | None, without: Sequence[str], out: Output, procfile: str = PROCFILE) -> None:
    """Run the site until it is told to stop. Raises LocalRunError, RedisServerError."""
    port = port or _read_port()
    _check_port_is_free(port)
    commands = read_commands(settings.BASE_DIR / procfile, without=without)
    with _redis_url(out) as redis_url:
        _prepare(out)
        supervisor = Supervisor(Printer(sys.stdout), once=frozenset({DEMO}))
        for name, command in commands.items():
            supervisor.add_process(name, command, env=_environment(port, redis_url))
        _greet(port, out)
        supervisor.loop()
    out.write("Stopped.")


def read_commands(procfile: Path, *, without: Sequence[str]) -> dict[str, str]:
    """Process name -> command line: the Procfile's, and the demo's player beside them."""
    if not procfile.is_file():
        raise LocalRunError(f"There is no {procfile.name} here.")
    commands = dict(parse_procfile(procfile.read_text()).processes)
    for name in (RELEASE, SENDER):
        commands.pop(name, None)
    commands[DEMO] = "exec python manage.py play_scene"
    for name in without:
        if name not in commands:
            raise LocalRunError(f"{name} is no process here. There are: {', '.join(commands)}.")
        del commands[name]
    return commands


@contextmanager
def _redis_url(out: Output) -> Iterator[str]:
    if given := os.environ.get("REDIS_URL"):
        yield given
        return
    with RedisServer(settings.VAR_DIR / "redis.log") as server:
        out.write(f"Started an embedded Redis-compatible server on port {server.port}.")
        yield server.url


def _prepare(out: Output) -> None:
    """The release phase's work, on this machine's database."""
    out.write("Preparing the database and the static files ...")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    _create_admin()
    connections.close_all()  # the children must not inherit an open connection


def _create_admin() -> None:
    users = get_user_model().objects
    password = os.environ.get("ADMIN_PASSWORD")
    if password and not users.filter(username="admin").exists():
        users.create_superuser("admin", email="admin@localhost", password=password)


def _environment(port: int, redis_url: str) -> Mapping[str, str]:
    """What the children get: this process's environment and where things are here."""
    local = {
        "PORT": str(port),
        "REDIS_URL": redis_url,
        "SITE_URL": f"http://localhost:{port}",
        # The Procfile binds to every address, as a platform wants; here only this machine asks.
        "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}",
        # A line for each task would bury what a newcomer wants to see.
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    return lean.ENVIRONMENT | dict(os.environ) | local


def _greet(port: int, out: Output) -> None:
    out.write(
        f"\n  The site:   http://localhost:{port}/"
        f"\n  The admin:  http://localhost:{port}/admin/  user admin, "
        "password as ADMIN_PASSWORD says in .env"
        "\n  Stop with Ctrl-C.\n"
    )


def _read_port() -> int:
    text = os.environ.get("PORT", "") or str(DEFAULT_PORT)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise LocalRunError(f"PORT must be a number from 1 to 65535, got {text!r}.")
    return int(text)


def _check_port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalRunError(
                f"Port {port} cannot be used ({error.strerror}). Stop what uses it, "
                f"or take another: PORT={port + 1 if port < 65535 else DEFAULT_PORT} make run"
            ) from error
