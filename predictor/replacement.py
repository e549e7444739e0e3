"""When a predictor has done enough, or holds too much, and a new process must take its place.

The process only asks itself to stop, as the platform would: it finishes what it has in its hands,
gives back what it has not begun, and ends. Whoever started it starts it again: the platform, the
container's restart policy, the local run.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable

from dyno.memory import memory_mb

logger = logging.getLogger(__name__)


class Replacement:
    """Counts answers and says once when it is time; a limit of 0 is no limit."""

    def __init__(
        self,
        *,
        max_requests: float,
        max_memory_mb: float,
        measure_mb: Callable[[], float] = memory_mb,
    ) -> None:
        self._max_requests = max_requests
        self._max_memory_mb = max_memory_mb
        self._measure_mb = measure_mb
        self._answered = 0
        self._is_due = False

    def count_answers(self, count: int) -> str | None:
        """Why this process should be replaced after the answers that it has just given."""
        self._answered += count
        reason = None if self._is_due else self._find_reason()
        self._is_due = self._is_due or reason is not None
        return reason

    def _find_reason(self) -> str | None:
        if self._max_requests and self._answered >= self._max_requests:
            return f"{self._answered} requests done (PREDICTOR_MAX_REQUESTS)"
        if self._max_memory_mb and (held_mb := self._measure_mb()) > self._max_memory_mb:
            return f"{held_mb:.0f} MB held, more than PREDICTOR_MAX_MEMORY_MB"
        return None


def stop_this_process(reason: str) -> None:
    """Celery's warm shutdown, begun from within."""
    logger.warning("This predictor stops to be replaced: %s", reason)
    os.kill(os.getpid(), signal.SIGTERM)
