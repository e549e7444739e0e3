"""Clients that mean no good: they connect, say little, read little, and come again when closed."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from select import POLLERR, POLLHUP, poll
from threading import Event, Thread

POLLRDHUP = getattr(select, "POLLRDHUP", 0)  # Linux alone tells
TICK_S = 0.25
DRIP_S = 1.0
SEGMENT_BYTES = 1400  # as over the internet: loopback's segments of 64 kB hide slow readers
LARGE_PATH = "/static/admin/js/vendor/xregexp/xregexp.js"  # 325 kB: the site's largest answer
# With a cookie, Django reads the body in search of the form's token.
_LOGIN = (
    "POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\n"
    f"Cookie: csrftoken={'a' * 32}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)
_LARGE = f"GET {LARGE_PATH} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: identity\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is said at once, and again each DRIP_S; how little is read, and whether the end is."""

    opening: str = ""
    drip: str = ""
    reads_bytes: int = 0
    stays_after_end: bool = False


KINDS = {
    "silent": Kind(),
    "unfinished head": Kind("GET / HTTP/1.1\r\nHost: localhost\r\nX-Filler: ", "a"),
    "slow body": Kind(f"{_LOGIN}Content-Length: 1000\r\n\r\nusername=", "a"),
    "large slow body": Kind(f"{_LOGIN}Content-Length: 200000\r\n\r\n{'a' * 190_000}", "a"),
    "idle keep-alive": Kind("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    "never closes": Kind("GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n", stays_after_end=True),
    "slow reader": Kind(_LARGE, reads_bytes=100),
}


class Hostile(Thread):
    """`count` connections of a kind, kept up until `stop`."""

    def __init__(self, port: int, kind: Kind, count: int) -> None:
        super().__init__(daemon=True)
        self.port, self.kind, self.count = port, kind, count
        self.over = Event()
        self.connected = Event()
        self.opened = 0
        self.unsaid: dict[socket.socket, bytes] = {}

    def run(self) -> None:
        ticks = 0
        while not self.over.is_set():
            self._replace_closed()
            for one in self.unsaid:
                self._say(one)
            self.connected.set()
            if ticks % round(DRIP_S / TICK_S) == 0:
                self._drip()
            ticks += 1
            self.over.wait(TICK_S)
        for one in self.unsaid:
            one.close()

    def stop(self) -> None:
        self.over.set()
        self.join(30)

    def _replace_closed(self) -> None:
        for one in [one for one in self.unsaid if self._is_closed(one)]:
            one.close()
            del self.unsaid[one]
        while len(self.unsaid) < self.count:
            self.unsaid[self._open()] = self.kind.opening.encode()

    def _open(self) -> socket.socket:
        """Connected as soon as the server takes it."""
        one = socket.socket()
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
        if self.kind.reads_bytes:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", self.port))
        self.opened += 1
        return one

    def _is_closed(self, one: socket.socket) -> bool:
        looks = poll()
        looks.register(one, POLLRDHUP | POLLHUP | POLLERR)
        events = sum(event for _, event in looks.poll(0))
        is_reset = bool(events & (POLLHUP | POLLERR))
        return is_reset or bool(events and not self.kind.stays_after_end)

    def _say(self, one: socket.socket) -> None:
        """As much as the server takes."""
        with suppress(OSError):
            while rest := self.unsaid[one]:
                self.unsaid[one] = rest[one.send(rest) :]

    def _drip(self) -> None:
        for one, rest in self.unsaid.items():
            with suppress(OSError):
                if self.kind.reads_bytes:
                    one.recv(self.kind.reads_bytes)
                elif self.kind.drip and not rest:
                    one.send(self.kind.drip.encode())


@contextmanager
def attacked(port: int, kind: str, count: int) -> Iterator[Hostile]:
    """`count` hostile connections while the block runs."""
    hostile = Hostile(port, KINDS[kind], count)
    hostile.start()
    try:
        assert hostile.connected.wait(30)
        yield hostile
    finally:
        hostile.stop()
