"""The connections below HTTP: each step ends by the exchange's deadline, each address is judged.

An HTTP client's own timeouts count from one piece to the next, so that a server which sends a byte
a second is never late.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Any

import httpcore2

from weatherapp.net.deadline import left_s
from weatherapp.net.errors import UnreachableError
from weatherapp.net.guard import Guard
from weatherapp.net.lookup import look_up

PIECE = 16_384  # bytes


class BoundedStream(httpcore2.NetworkStream):
    """A connection; it lives on from one exchange to the next."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, left_s(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # Piece by piece: the time is that of one send(), of which a slow reader wants many.
        view = memoryview(buffer)
        while view:
            self._stream.write(bytes(view[:PIECE]), left_s(timeout))
            view = view[PIECE:]

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        return BoundedStream(self._stream.start_tls(ssl_context, server_hostname, left_s(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class BoundedBackend(httpcore2.NetworkBackend):
    """Connects to an address that was looked up once and judged: a name has no second answer."""

    def __init__(self, guard: Guard | None) -> None:
        self._guard = guard
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        ends_at_s = monotonic() + left_s(timeout)
        ips = look_up(host, left_s(timeout))
        if self._guard is not None:
            self._guard.check_ips(ips)
        return BoundedStream(self._connect(ips, port, ends_at_s))

    def _connect(self, ips: Sequence[str], port: int, ends_at_s: float) -> httpcore2.NetworkStream:
        """To the first that answers: each gets its share of the time that is left."""
        cause: Exception | None = None
        for index, ip in enumerate(ips):
            share_s = max(ends_at_s - monotonic(), 0.0) / (len(ips) - index)
            try:
                return self._sockets.connect_tcp(ip, port, left_s(max(share_s, 0.001)))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                cause = error
        raise UnreachableError(f"Nobody answers there: {cause}.") from cause
