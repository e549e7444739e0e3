"""A client's socket with a buffer on both sides: a thread reads and writes without waiting."""

from __future__ import annotations

import errno
import select
import socket
from time import monotonic
from typing import Any

from dyno.buffering.limits import KIB, THREAD_PATIENCE_S, UNSENT_AT_MOST
from dyno.buffering.refusals import CONTINUE
from dyno.buffering.request import RequestBuffer

# All connections may read one in a turn of the loop, before the heaviest of them end: 100 of 64 KiB were 6 MB.
PIECE = 16 * KIB


class ClientSocket(socket.socket):
    """The main loop fills it and pushes; gunicorn's threads find whole requests and empty buffers."""

    @classmethod
    def adopt(cls, accepted: socket.socket) -> ClientSocket:
        """In place of `accepted`, which is of no use afterwards."""
        adopted = cls(fileno=accepted.detach())
        adopted.setblocking(False)
        return adopted

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = RequestBuffer()
        self.unsent = bytearray()
        self.discarded = 0
        self._has_overrun = False
        self._waited_s = 0.0

    # --- The main loop's side; nothing here waits ---

    @property
    def weight(self) -> int:
        """Bytes held for this client."""
        return len(self.request.data) + len(self.unsent)

    @property
    def is_in_step(self) -> bool:
        """gunicorn read exactly what was taken for its request: the next one begins here."""
        return self.request.end == 0 and not self._has_overrun

    def fill(self) -> None:
        """Raises RefusedError, or OSError where nothing has come or nothing will."""
        data = super().recv(PIECE)
        if not data:
            raise ConnectionAbortedError(errno.ECONNABORTED, "the client has gone")
        self.request.add(data)
        if self.request.wants_continue and not self.request.is_whole:
            self.request.wants_continue = False
            self.sendall(CONTINUE)

    def push(self) -> None:
        """As much as the kernel takes now. Raises OSError where the client has gone."""
        while self.unsent:
            try:
                sent = super().send(self.unsent[:PIECE], socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            del self.unsent[:sent]

    def discard(self) -> bool:
        """Whether the client may have more to say."""
        try:
            data = super().recv(PIECE)
        except BlockingIOError:
            return True
        self.discarded += len(data)
        return bool(data)

    def begin_next(self) -> None:
        """Raises RefusedError, since some of the next request may be here."""
        self._waited_s = 0.0
        self.request.begin_next()

    # --- gunicorn's side, in a thread ---

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """From the buffer alone: behind the request's end is the connection's end."""
        self._has_overrun = self._has_overrun or self.request.end == 0
        return self.request.read(bufsize)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """What the kernel does not take stays here for the main loop."""
        self.unsent += data
        self.push()
        while len(self.unsent) > UNSENT_AT_MOST:
            self._wait_until_writable()
            self.push()

    def send(self, data: Any, flags: int = 0, /) -> int:
        """gunicorn gives leave to send a body by this; the main loop has done so long before."""
        if data != CONTINUE:
            self.sendall(data)
        return len(data)

    def _wait_until_writable(self) -> None:
        """An answer larger than the buffer: the one thing that holds a thread, for a bounded time."""
        began_s = monotonic()
        looks = select.poll()
        looks.register(self, select.POLLOUT)
        looks.poll(1000 * max(0.0, THREAD_PATIENCE_S - self._waited_s))
        self._waited_s += monotonic() - began_s
        if self._waited_s >= THREAD_PATIENCE_S:
            self.unsent.clear()
            raise BrokenPipeError(errno.EPIPE, "the client does not take the answer")
