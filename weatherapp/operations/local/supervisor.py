"""Runs the Procfile's processes side by side and starts again what dies, as a platform would.

One process, one thread, the standard library: it waits until a process speaks or ends, a signal
comes, or a restart is due.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from selectors import EVENT_READ, DefaultSelector
from time import monotonic

from weatherapp.operations.local.output import Lines, Output
from weatherapp.operations.local.process import Process
from weatherapp.operations.local.redis_server import RedisServer

KILL_AFTER_S = 25  # after SIGTERM; Heroku gives 30
STOPS = (signal.SIGTERM, signal.SIGINT)


class Supervisor:
    """`once` names processes that are done when they end well; `redis` is there already."""

    def __init__(
        self,
        processes: Sequence[Process],
        output: Output,
        *,
        once: frozenset[str] = frozenset(),
        redis: RedisServer | None = None,
    ) -> None:
        self._processes = processes
        self._output = output
        self._once = once
        self._redis = redis
        self._selector = DefaultSelector()
        self._is_stopping = False
        self._kill_at_s: float | None = None  # what has not stopped by then

    def loop(self) -> None:
        """Run until SIGTERM or SIGINT, then stop every process and return."""
        with self._signals_readable() as signals:
            for process in self._processes:
                self._start(process)
            while not (self._is_stopping and self._have_all_ended()):
                self._take_events(signals, self._find_patience_s())
                self._restart_due()
                self._kill_late()

    @contextmanager
    def _signals_readable(self) -> Iterator[socket.socket]:
        """A signal is a byte to read, so that it ends the wait for output as output does."""
        reader, writer = socket.socketpair()
        with reader, writer, self._selector:
            writer.setblocking(False)
            signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
            for number in (*STOPS, signal.SIGCHLD):
                signal.signal(number, lambda *_: None)
            self._selector.register(reader, EVENT_READ)
            yield reader
            signal.set_wakeup_fd(-1)

    def _take_events(self, signals: socket.socket, patience_s: float | None) -> None:
        ready = [key for key, _ in self._selector.select(patience_s)]
        for key in ready:
            if key.data is not None:  # first: what it said before it ended
                self._take_lines(*key.data)
        if any(key.data is None for key in ready):
            self._take_signals(set(signals.recv(4096)))

    def _take_lines(self, process: Process, lines: Lines) -> None:
        for line in lines.read():
            self._output.write(process.name, line)
        if lines.is_over:
            self._selector.unregister(lines.pipe)
            lines.pipe.close()

    def _take_signals(self, numbers: set[int]) -> None:
        if numbers & set(STOPS) and not self._is_stopping:
            self._stop()
        if self._redis is not None and self._redis.has_ended():
            self._output.say("the embedded Redis server ended; starting it again")
            self._redis.start()
        for process in self._processes:
            if (status := process.take_status()) is not None:
                self._note_end(process, status)

    def _start(self, process: Process) -> None:
        lines = process.start()
        self._selector.register(lines.pipe, EVENT_READ, (process, lines))
        self._output.say(f"{process.name} started (pid {process.pid})")

    def _stop(self) -> None:
        self._output.say("stopping")
        self._is_stopping = True
        self._kill_at_s = monotonic() + KILL_AFTER_S
        for process in self._processes:
            process.restart_at_s = None
        self._signal_all(signal.SIGTERM)

    def _note_end(self, process: Process, status: int) -> None:
        if self._is_stopping:
            self._output.say(f"{process.name} stopped")
            return
        process.signal(signal.SIGKILL)  # what it leaves behind would hold its port
        if process.name in self._once and status == 0:
            return
        process.plan_restart(status)
        self._output.say(f"{process.name} ended with status {status}; starting it again")

    def _restart_due(self) -> None:
        for process in self._processes:
            if process.restart_at_s is not None and process.restart_at_s <= monotonic():
                self._start(process)

    def _kill_late(self) -> None:
        if self._kill_at_s is not None and self._kill_at_s <= monotonic():
            self._kill_at_s = None
            self._signal_all(signal.SIGKILL)

    def _signal_all(self, number: signal.Signals) -> None:
        for process in self._processes:
            if process.is_alive or process.is_heard:
                self._output.say(f"sending {number.name} to {process.name}")
                process.signal(number)

    def _have_all_ended(self) -> bool:
        """What still speaks after SIGKILL lives in a session of its own and is not waited for."""
        has_killed = self._kill_at_s is None
        return not any(
            process.is_alive or (process.is_heard and not has_killed) for process in self._processes
        )

    def _find_patience_s(self) -> float | None:
        """Until the next thing to do by the clock; None: there is none."""
        times = [process.restart_at_s for process in self._processes]
        due = [at_s for at_s in [*times, self._kill_at_s] if at_s is not None]
        return max(min(due) - monotonic(), 0) if due else None
