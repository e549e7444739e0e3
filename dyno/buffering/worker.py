"""gunicorn's threads, behind a main loop that waits for the clients in their place."""

from __future__ import annotations

from concurrent.futures import Future
from time import monotonic
from typing import Any

from gunicorn.errors import ConfigError
from gunicorn.workers.gthread import ThreadWorker

from dyno.buffering import crowding
from dyno.buffering.client_socket import ClientSocket
from dyno.buffering.clients import Clients
from dyno.buffering.limits import STOPPING_PATIENCE_S
from dyno.buffering.waiting import Connection
from dyno.trim import trim_heap

TURN_S = 0.1  # of the main loop while the worker stops
TRIMMED_EACH_S = 0.25  # at most, and only after connections have ended


class BufferingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn is not typed
    """A thread gets a request when all of it is here, and leaves its answer to be sent.

    Three methods of the parent are replaced: `enqueue_req` and `finish_request`, between which a
    thread has a connection, and `wait_for_and_dispatch_events`, one turn of the main loop.
    """

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        super().check_config(cfg, log)
        if cfg.is_ssl or cfg.sendfile is not False:
            raise ConfigError("BufferingWorker needs sendfile = False, and TLS ends at a proxy.")

    def run(self) -> None:
        self._clients = Clients(
            self.poller,
            serve=super().enqueue_req,
            keep=super().finish_request,
            forget=self._forget,
        )
        self._stopping_at_s = 0.0  # not yet
        self._has_freed, self._trimmed_at_s = False, 0.0
        super().run()

    def enqueue_req(self, conn: Connection) -> None:
        """A request is to be expected: the parent would spend a thread on waiting for it."""
        if not conn.data_ready:
            conn.sock = ClientSocket.adopt(conn.sock)
            conn.data_ready = True
        self._clients.expect_request(conn)

    def finish_request(self, conn: Connection, fs: Future[Any]) -> None:
        """The parent would wait here, in the main loop, for a client to close its side."""
        self._clients.take_back(conn, fs)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(timeout if self.alive else min(timeout, TURN_S))
        # Not while events are given out: one of them may be for a connection that ends here.
        now_s = monotonic()
        crowding.end_overdue(self._clients, now_s=now_s)
        crowding.end_heaviest(self._clients)
        if self.alive:
            self._make_room()
        else:
            self._stop_waiting(now_s)
        self._clients.tally.say(now_s=now_s)
        self._give_back(now_s)

    def _make_room(self) -> None:
        """For a new connection: the parent would not let any in."""
        if self.nr_conns >= self.worker_connections:
            self.murder_keepalived(force=True)  # they are between two requests
        while self.nr_conns >= self.worker_connections and crowding.end_oldest(self._clients):
            pass

    def _stop_waiting(self, now_s: float) -> None:
        """Nobody is let in before the next worker has taken over: idle clients must not delay it."""
        self._stopping_at_s = self._stopping_at_s or now_s + STOPPING_PATIENCE_S
        if now_s >= self._stopping_at_s:
            self.murder_keepalived(force=True)
            crowding.end_all(self._clients)

    def _give_back(self, now_s: float) -> None:
        """What heavy connections held: those who come again and again would swell the heap."""
        if self._has_freed and now_s >= self._trimmed_at_s + TRIMMED_EACH_S:
            trim_heap()
            self._has_freed, self._trimmed_at_s = False, now_s

    def _forget(self, conn: Connection) -> None:
        self._has_freed = True
        self.nr_conns -= 1
        conn.close()
