"""Connections of which the next move is the client's: oldest first, each for a limited time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile
from selectors import BaseSelector
from typing import Any

Connection = Any  # gunicorn's TConn, which is not typed


class Waiting:
    """Registered with the main loop's poller, for reading or for writing."""

    def __init__(self, poller: BaseSelector, event: int, patience_s: float) -> None:
        self._poller = poller
        self._event = event
        self._patience_s = patience_s
        self._began_s: dict[Connection, float] = {}  # in the order of beginning

    def __contains__(self, conn: Connection) -> bool:
        return conn in self._began_s

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._began_s)

    def add(self, conn: Connection, on_ready: Callable[[], None], *, now_s: float) -> None:
        self._poller.register(conn.sock, self._event, lambda _: on_ready())
        self._began_s[conn] = now_s

    def remove(self, conn: Connection) -> None:
        self._poller.unregister(conn.sock)
        del self._began_s[conn]

    def overdue(self, *, now_s: float) -> list[Connection]:
        """Those that have waited longer than they may; all behind the first patient are younger."""
        return list(
            takewhile(lambda conn: now_s - self._began_s[conn] >= self._patience_s, self._began_s)
        )
