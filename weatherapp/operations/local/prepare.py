"""The beginning of the local run: the port, the database, the static files. Then it is left."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence
from typing import NoReturn, Protocol

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connections

from weatherapp.operations.local.procfile import PROCFILE, read_commands

DEFAULT_PORT = 8000
RUNNER = "weatherapp.operations.local"


class LocalRunError(RuntimeError):
    """The site cannot be run here; the message says why and what to do."""


class Output(Protocol):
    def write(self, text: str) -> object: ...


def run(
    *, port: int | None, without: Sequence[str], out: Output, procfile: str = PROCFILE
) -> NoReturn:
    """Make everything ready and become the runner. Raises LocalRunError, ProcfileError."""
    port = port or _read_port()
    _check_port_is_free(port)
    read_commands(settings.BASE_DIR / procfile, without=without)  # before the work, not after it
    _prepare(out)
    _become_runner(port=port, without=without, procfile=procfile)


def _prepare(out: Output) -> None:
    """The release phase's work, on this machine's database."""
    out.write("Preparing the database and the static files ...")
    call_command("migrate", verbosity=0)
    call_command("install_rules", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    _create_admin()
    connections.close_all()


def _create_admin() -> None:
    users = get_user_model().objects
    password = os.environ.get("ADMIN_PASSWORD")
    if password and not users.filter(username="admin").exists():
        users.create_superuser("admin", email="admin@localhost", password=password)


def _become_runner(*, port: int, without: Sequence[str], procfile: str) -> NoReturn:
    """The same process, without the 60 MB of Django that it needs no more."""
    os.chdir(settings.BASE_DIR)
    words = ["--port", str(port), "--procfile", procfile]
    words += ["--redis-log", str(settings.VAR_DIR / "redis.log")]
    words += [word for name in without for word in ("--without", name)]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", RUNNER, *words])  # noqa: S606 - no shell


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
