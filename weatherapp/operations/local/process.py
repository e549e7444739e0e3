"""One process of the Procfile: its command line, its life, and what it starts itself."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic
from typing import IO, cast

from weatherapp.operations.local.leash import leash
from weatherapp.operations.local.output import Lines

RESTART_AFTER_S = (0.5, 2, 5, 10, 30)
STEADY_S = 60  # one that lived so long, or ended well (to be replaced), starts again at once

_NEEDS_SHELL = re.compile(r"[;&|]|\bexec\b|^\w+=")


class Process:
    """A command line in a session of its own, so that a Ctrl-C does not reach it before us."""

    def __init__(self, name: str, command: str, environment: Mapping[str, str]) -> None:
        self.name = name
        self.environment = environment
        # Signals must reach the process itself: no shell may stand before it.
        self.command = command if _NEEDS_SHELL.search(command) else f"exec {command}"
        self.pid = 0
        self.restart_at_s: float | None = None  # by the monotonic clock
        self._popen: subprocess.Popen[bytes] | None = None
        self._lines: Lines | None = None
        self._started_at_s = 0.0
        self._failures = 0

    def start(self) -> Lines:
        """What it says from now on, errors too."""
        self.restart_at_s = None
        self._started_at_s = monotonic()
        self._popen = subprocess.Popen(
            leash(["/bin/sh", "-c", self.command]),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.pid = self._popen.pid
        self._lines = Lines(cast("IO[bytes]", self._popen.stdout))
        return self._lines

    @property
    def is_alive(self) -> bool:
        return self._popen is not None

    @property
    def is_heard(self) -> bool:
        """Itself, or something that it has started and left behind, may still say something."""
        return self._lines is not None and not self._lines.is_over

    def take_status(self) -> int | None:
        """The exit status of one that has ended since the last look."""
        status = self._popen.poll() if self._popen is not None else None
        if status is not None:
            self._popen = None
        return status

    def signal(self, number: int) -> None:
        """To the process and all that it has started; macOS refuses where all of it has ended."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def plan_restart(self, status: int) -> None:
        """The more often it failed in a row, the later."""
        if status == 0 or monotonic() - self._started_at_s > STEADY_S:
            self._failures = 0
        step = min(self._failures, len(RESTART_AFTER_S) - 1)
        self._failures = step + 1
        self.restart_at_s = monotonic() + RESTART_AFTER_S[step]
