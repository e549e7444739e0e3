"""Runs the Procfile's processes side by side and starts again what dies, as a platform would."""

from __future__ import annotations

import multiprocessing
import queue
import signal
from time import monotonic
from types import FrameType
from typing import Any

from honcho.manager import Manager

KILL_AFTER_S = 25  # after SIGTERM; Heroku gives 30
RESTART_AFTER_S = (0.5, 2, 5, 10, 30)
STEADY_S = 60  # one that lived so long, or ended well (to be replaced), starts again at once


class Supervisor(Manager):  # type: ignore[misc]  # honcho has no types
    """honcho's manager, but for one thing: a dead process does not end the others.

    `once` names processes that are done when they end well.
    """

    def __init__(self, printer: Any, *, once: frozenset[str] = frozenset()) -> None:
        super().__init__(printer)
        self.once = once
        self.restarts: dict[str, float] = {}  # name -> when it is due
        self.failures: dict[str, int] = {}
        self.started: dict[str, float] = {}
        self.stop_began: float | None = None

    def loop(self) -> None:
        """Run until SIGTERM or SIGINT, then stop every process and return."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self._start()
        while not (self.stop_began is not None and self._all_ended()):
            self._take_event()
            self._restart_due()
            self._kill_late()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.stop_began is None:
            self.say("stopping")
            self.stop_began = monotonic()
            self.restarts.clear()
            self.terminate()

    def _take_event(self) -> None:
        try:
            event = self.events.get(timeout=0.1)
        except queue.Empty:
            return
        if event.type == "line":
            self._printer.write(event)
        elif event.type == "start":
            self._note_start(event.name, event.data["pid"])
        elif event.type == "stop":
            self._note_stop(event.name, event.data["returncode"])

    def _note_start(self, name: str, pid: int) -> None:
        self._processes[name]["pid"] = pid
        self.started[name] = monotonic()
        self.say(f"{name} started (pid {pid})")
        if self.stop_began is not None:  # it began to live while the others were told to stop
            self._procmgr.terminate(pid)

    def _note_stop(self, name: str, returncode: int) -> None:
        self._processes[name]["returncode"] = returncode
        if self.stop_began is not None:
            self.say(f"{name} stopped")
            return
        if name in self.once and returncode == 0:
            return
        if returncode == 0 or monotonic() - self.started[name] > STEADY_S:
            self.failures[name] = 0
        step = min(self.failures.get(name, 0), len(RESTART_AFTER_S) - 1)
        self.failures[name] = step + 1
        self.restarts[name] = monotonic() + RESTART_AFTER_S[step]
        self.say(f"{name} ended with status {returncode}; starting it again")

    def _restart_due(self) -> None:
        for name in [name for name, due in self.restarts.items() if due <= monotonic()]:
            del self.restarts[name]
            entry = self._processes[name]
            entry.pop("returncode")
            entry["process"] = multiprocessing.Process(
                name=name, target=entry["obj"].run, args=(self.events, True)
            )
            entry["process"].start()

    def _kill_late(self) -> None:
        if self.stop_began is not None and monotonic() - self.stop_began > KILL_AFTER_S:
            self.kill()

    def _all_ended(self) -> bool:
        return not any(
            entry["process"].is_alive() or ("pid" in entry and "returncode" not in entry)
            for entry in self._processes.values()
        )

    def say(self, line: str) -> None:
        """Print a line of the supervisor's own."""
        self._system_print(line + "\n")
