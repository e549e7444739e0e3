"""The one connection that a process keeps for its small questions to Redis."""

from __future__ import annotations

from functools import cache

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dyno.broker import read_redis_url

TIMEOUT_S = 1.0


def kept_client() -> redis.Redis:
    """Shared by all threads, one at a time; a failed try is not repeated within a question."""
    return _make_client(read_redis_url())


@cache
def _make_client(url: str) -> redis.Redis:
    pool = redis.BlockingConnectionPool.from_url(
        url,
        max_connections=1,
        timeout=TIMEOUT_S,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )
    return redis.Redis(connection_pool=pool)
