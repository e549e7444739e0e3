"""How often a client may ask: so many in a minute, counted in Redis for all processes together.

Not in the database, as what costs a prediction or a mail is (models/budget.py): asking would then
write a row, and the site would wait for itself. What is counted lasts a minute and matters to nobody
else. Where Redis does not answer each process counts for itself: nobody is kept from warnings by that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import cast

import redis
from django.conf import settings
from django.core.cache import cache

from dyno.redis_client import kept_client

logger = logging.getLogger(__name__)

WINDOW_S = 60
KEPT_S = WINDOW_S + 5
KEY_FACTOR = 10  # so much more often with a key
PAUSE_S = 10.0  # a silent Redis is not asked for so long


@dataclass(frozen=True, slots=True)
class Left:
    """Of a window: how many in all, how many are left, and in how many seconds it is over."""

    most: int
    left: int
    reset_s: int
    is_over: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """As the IETF's draft on RateLimit header fields has them."""
        return {
            "RateLimit-Policy": f'"minute";q={self.most};w={WINDOW_S}',
            "RateLimit": f'"minute";r={self.left};t={self.reset_s}',
        }


class Counter:
    """Counts in Redis, and by itself while that is silent."""

    def __init__(self, make_client: Callable[[], redis.Redis] = kept_client) -> None:
        self._make_client = make_client
        self._silent_until_s = 0.0

    def count(self, name: str) -> int:
        """How often it was counted, with this time."""
        if monotonic() >= self._silent_until_s:
            try:
                return self._count_for_all(name)
            except redis.RedisError as error:
                # Only the kind: the text may name hosts and users.
                logger.warning("Redis does not answer: %s", type(error).__name__)
                self._silent_until_s = monotonic() + PAUSE_S
        cache.add(name, 0, KEPT_S)
        try:
            return int(cache.incr(name))
        except ValueError:  # it was dropped in between
            return 1

    def _count_for_all(self, name: str) -> int:
        with self._make_client().pipeline(transaction=False) as pipeline:
            pipeline.incr(name)
            pipeline.expire(name, KEPT_S)
            counts = pipeline.execute()
        return cast(int, counts[0])


counter = Counter()


def spend(holder: str, *, has_key: bool, now_s: float) -> Left:
    """One request of `holder`, which is a hash."""
    most = settings.API_REQUESTS_A_MINUTE * (KEY_FACTOR if has_key else 1)
    window, into_s = divmod(int(now_s), WINDOW_S)
    count = counter.count(f"api:{holder[:32]}:{window}")
    return Left(most, max(most - count, 0), WINDOW_S - into_s, is_over=count > most)
