"""One line a minute about connections that were ended, however many: an attack fills no log."""

from __future__ import annotations

import logging
from collections import Counter

logger = logging.getLogger(__name__)

PERIOD_S = 60.0


class Tally:
    """Counts by reason."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._next_at_s = 0.0

    def count(self, reason: str) -> None:
        self.counts[reason] += 1

    def say(self, *, now_s: float) -> None:
        """At once when nothing was said for a while, so that the first one is seen."""
        if not self.counts or now_s < self._next_at_s:
            return
        words = ", ".join(f"{count} {reason}" for reason, count in self.counts.most_common())
        logger.info("Connections ended: %s", words)
        self.counts.clear()
        self._next_at_s = now_s + PERIOD_S
