"""What clients do between accept and close, and how it ends when they do nothing."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector
from time import monotonic
from typing import Any

from dyno.buffering import limits
from dyno.buffering.refusals import make_refusal
from dyno.buffering.request import RefusedError
from dyno.buffering.tally import Tally
from dyno.buffering.waiting import Connection, Waiting

Step = Callable[[Connection], None]
Outcome = Future[Any]  # of a thread: true where the connection may serve another request


class Clients:
    """All that is here runs in the main loop and waits for nobody.

    `serve` gives a connection with a whole request to a thread, `keep` waits for a next one,
    `forget` closes.
    """

    def __init__(
        self,
        poller: BaseSelector,
        *,
        serve: Step,
        keep: Callable[[Connection, Outcome], None],
        forget: Step,
    ) -> None:
        self.reading = Waiting(poller, EVENT_READ, limits.REQUEST_PATIENCE_S)
        self.sending = Waiting(poller, EVENT_WRITE, limits.ANSWER_PATIENCE_S)
        self.closing = Waiting(poller, EVENT_READ, limits.CLOSING_PATIENCE_S)
        self.with_threads: set[Connection] = set()
        self.tally = Tally()
        self._serve, self._keep, self._forget = serve, keep, forget

    def expect_request(self, conn: Connection) -> None:
        """It is new, or a first byte is there, or the next request came along with the last."""
        self.reading.add(conn, partial(self._do, conn, self._read), now_s=monotonic())
        self._do(conn, self._hand_over_if_whole)

    def take_back(self, conn: Connection, outcome: Outcome) -> None:
        """A thread has written its answer; the client may not have taken all of it."""
        self.with_threads.discard(conn)
        end = partial(self._end_request, outcome)
        if conn.sock.unsent and conn.sock.fileno() >= 0:
            send = partial(self._send, end)
            self.sending.add(conn, partial(self._do, conn, send), now_s=monotonic())
        else:
            self._do(conn, end)

    def refuse(self, conn: Connection, status: int) -> None:
        """Say why, and wait for the client to close."""
        self.tally.count(f"refused with {status}")
        self._leave(conn)
        with suppress(OSError):
            conn.sock.sendall(make_refusal(status, as_json=conn.sock.request.is_for_api))
        self._close(conn)

    def drop(self, conn: Connection, reason: str = "") -> None:
        """At once; `reason` is worth a word in the log."""
        if reason:
            self.tally.count(reason)
        self._leave(conn)
        self._forget(conn)

    # --- One step each, when the client has moved ---

    def _do(self, conn: Connection, step: Step) -> None:
        """A client that is gone, or refused, must not end the loop."""
        try:
            step(conn)
        except BlockingIOError:
            return
        except RefusedError as error:
            self.refuse(conn, error.status)
        except OSError:
            self.drop(conn)

    def _read(self, conn: Connection) -> None:
        conn.sock.fill()
        self._hand_over_if_whole(conn)

    def _hand_over_if_whole(self, conn: Connection) -> None:
        if conn.sock.request.is_whole:
            self.reading.remove(conn)
            self.with_threads.add(conn)
            self._serve(conn)

    def _send(self, end: Step, conn: Connection) -> None:
        conn.sock.push()
        if not conn.sock.unsent:
            self.sending.remove(conn)
            end(conn)

    def _discard(self, conn: Connection) -> None:
        if not conn.sock.discard() or conn.sock.discarded > limits.DISCARDED_AT_MOST:
            self.drop(conn)

    # --- How a request, and a connection, ends ---

    def _end_request(self, outcome: Outcome, conn: Connection) -> None:
        if not _may_go_on(conn, outcome):
            self._close(conn)
            return
        conn.sock.begin_next()
        if conn.sock.request.data:
            self.expect_request(conn)  # sent ahead, without waiting for the answer
        else:
            self._keep(conn, outcome)

    def _close(self, conn: Connection) -> None:
        """Not at once: an answer on its way is lost when bytes arrive at a closed socket."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.drop(conn)
        else:
            self.closing.add(conn, partial(self._do, conn, self._discard), now_s=monotonic())

    def _leave(self, conn: Connection) -> None:
        for waiting in (self.reading, self.sending, self.closing):
            if conn in waiting:
                waiting.remove(conn)


def _may_go_on(conn: Connection, outcome: Outcome) -> bool:
    """Also only where gunicorn and this loop agree on where the request ended."""
    if outcome.cancelled() or outcome.exception() is not None or not outcome.result():
        return False
    return conn.sock.is_in_step and not conn.parser.unreader.take_buffered()
