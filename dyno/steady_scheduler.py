"""Celery's scheduler, which notices that the wall clock was set back.

Celery keeps the wall-clock time of each next tick, so that a clock that was three hours ahead and is
set right makes it wait for three hours. The schedule's entries stay as they are (crontab times, which
no restart makes late); only what was planned by the wrong clock is planned anew.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from celery.beat import Scheduler

logger = logging.getLogger(__name__)

# A smaller step back makes ticks late by no more than this; time daemons take many small ones.
TOLERANCE_S = 5.0


class SteadyScheduler(Scheduler):
    """Compares the wall clock with the monotonic one, which only ever goes on."""

    max_interval = 10  # s between two looks at the clocks
    _lead_s: float | None = None  # of the wall clock before the monotonic one, the largest seen

    def tick(self, *args: Any, **kwargs: Any) -> float:
        lead_s = time.time() - time.monotonic()
        if self._lead_s is None or lead_s > self._lead_s:
            self._lead_s = lead_s
        elif lead_s < self._lead_s - TOLERANCE_S:
            logger.warning("The clock was set back by %.0f s: planning anew", self._lead_s - lead_s)
            self._lead_s = lead_s
            self._plan_anew()
        return float(super().tick(*args, **kwargs))

    def _plan_anew(self) -> None:
        """As after a restart: each entry counts as last run now."""
        self.schedule = {}
        self.setup_schedule()
        self.populate_heap()
