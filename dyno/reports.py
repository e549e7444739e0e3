"""What each process last said about its memory: a hash in Redis, readable by all.

Not a table: beat and the predictor have no database, and a report is worth nothing after a few
minutes. A connection is opened for each report and closed after it, since small Redis plans count
connections.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dyno.broker import read_redis_url

KEY = "process_reports"
KEEP_S = 24 * 3600
SILENT_AFTER_S = 180  # three reports missed
TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class Report:
    """`memory_mb` is that of the process with its children, shared pages counted once.

    It is None for a part that lives inside another process, which counts it.
    """

    instance: str
    process_type: str
    pid: int
    memory_mb: float | None
    memory_limit_mb: float
    reported_at_s: float  # since the epoch

    def age_s(self, now_s: float) -> float:
        """How long ago it was written; clocks of two machines may differ a little."""
        return max(now_s - self.reported_at_s, 0.0)

    def is_silent(self, now_s: float) -> bool:
        """Whether its process has missed so many reports that it is taken for dead."""
        return self.age_s(now_s) > SILENT_AFTER_S


def write_report(report: Report) -> None:
    """Store it, in place of silent ones of the same type. Raises redis.RedisError."""
    with _short_connection() as client:
        client.hset(KEY, report.instance, json.dumps(asdict(report)))
        client.expire(KEY, KEEP_S)
        for other in read_reports(client):
            if other.process_type == report.process_type and other.is_silent(report.reported_at_s):
                client.hdel(KEY, other.instance)


def remove_report(instance: str) -> None:
    """A process that stops in order is not silent, it is gone. Raises redis.RedisError."""
    with _short_connection() as client:
        client.hdel(KEY, instance)


def read_reports(client: redis.Redis) -> list[Report]:
    """Each process's last report, silent ones too. Raises redis.RedisError."""
    stored: dict[bytes | str, bytes | str] = client.hgetall(KEY)
    return [Report(**json.loads(text)) for text in stored.values()]


@contextmanager
def _short_connection() -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(
        read_redis_url(),
        single_connection_client=True,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )
    with client:
        yield client
