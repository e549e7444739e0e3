"""Has pictures drawn: few at a time and few a minute, and keeps the last ones."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections import OrderedDict, deque
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from time import monotonic

logger = logging.getLogger(__name__)

SCRIPT = Path(__file__).with_name("draw.py")
MOST_KEPT = 10  # of 30 to 60 kB each
MOST_A_MINUTE = 12  # of .2 to .4 s each
PATIENCE_S = 2.0  # for whoever is before
LONGEST_S = 10.0
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1"}  # and none of the site's secrets

Wanted = Mapping[str, "str | list[str]"]


class DrawingError(Exception):
    """It could not be drawn now; there is a picture of the site for that."""


class Studio:
    """One drawing at a time; safe to use from several threads."""

    def __init__(self, *, most_a_minute: int = MOST_A_MINUTE) -> None:
        self._begun_s: deque[float] = deque(maxlen=most_a_minute)
        self._lock = Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def find(self, mark: str, wanted: Wanted) -> bytes:
        """What was drawn for `mark` before, or is drawn now. Raises DrawingError."""
        kept = self._kept.get(mark)
        return kept or self._keep(mark, self.draw(wanted))

    def draw(self, wanted: Wanted) -> bytes:
        """A PNG of 1200 by 630. Raises DrawingError."""
        if not self._lock.acquire(timeout=PATIENCE_S):
            raise DrawingError("another is being drawn")
        try:
            self._count()
            return run_script(wanted)
        finally:
            self._lock.release()

    def _keep(self, mark: str, drawn: bytes) -> bytes:
        with self._lock:
            self._kept[mark] = drawn
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return drawn

    def _count(self) -> None:
        now_s = monotonic()
        is_full = len(self._begun_s) == self._begun_s.maxlen
        if is_full and now_s - self._begun_s[0] < 60:
            raise DrawingError("so many were drawn in the last minute")
        self._begun_s.append(now_s)


def run_script(wanted: Wanted) -> bytes:
    """Raises DrawingError."""
    command = [sys.executable, "-I", str(SCRIPT)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script, nothing of it from outside
            command,
            input=json.dumps(wanted).encode(),
            capture_output=True,
            timeout=LONGEST_S,
            check=True,
            env=ENVIRONMENT,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or b""
        logger.warning("No picture was drawn: %s %s", error, said[-300:].decode(errors="replace"))
        raise DrawingError(str(error)) from error
    return done.stdout


studio = Studio()
