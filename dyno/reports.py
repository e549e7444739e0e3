"""What each process last said about itself: a hash in Redis, readable by all.

Not a table: beat and the predictor have no database, and a report is worth nothing after a few
minutes. A connection is opened for each report and closed after it, since small Redis plans count
connections. All ages are by Redis's clock, the one that every process can ask.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dyno.broker import read_redis_url

logger = logging.getLogger(__name__)

KEY = "process_reports"
KEEP_S = 24 * 3600
SILENT_AFTER_S = 180  # three reports missed
TIMEOUT_S = 2.0
TEXTS = ("instance", "process_type")  # of a report's fields; the others are numbers
LARGEST = 1e15  # beyond what any field can mean; NaN and infinities fail the comparison, too


@dataclass(frozen=True, slots=True)
class Report:
    """None is unknown: reports outlive a deploy, and an older or newer version says less or more.

    `memory_mb` is that of the process with its children, shared pages counted once; it is None,
    too, for a part that lives inside another process, which counts it.
    """

    instance: str
    process_type: str
    pid: int | None = None
    memory_mb: float | None = None
    memory_limit_mb: float | None = None
    reported_at_s: float | None = None  # since the epoch, by Redis's clock
    clock_ahead_s: float | None = None  # of the process before Redis
    up_s: float | None = None  # how long it had been running

    def age_s(self, now_s: float) -> float | None:
        """How long ago it was written; None where that is unknown, as for one from the future."""
        if self.reported_at_s is None or self.reported_at_s > now_s:
            return None
        return now_s - self.reported_at_s

    def is_silent(self, now_s: float) -> bool:
        """Whether its process has missed so many reports that it is taken for dead."""
        age_s = self.age_s(now_s)
        return age_s is None or age_s > SILENT_AFTER_S


class ReportError(ValueError):
    """What is stored is no report; the message says why."""


def write_report(report: Report) -> None:
    """Store it with its time, in place of silent ones of the same type. Raises redis.RedisError.

    What is no report goes, too: it would be named in the log again and again.
    """
    with _short_connection() as client:
        clock_s, now_s = time.time(), read_time_s(client)
        stamped = replace(report, reported_at_s=now_s, clock_ahead_s=round(clock_s - now_s, 1))
        client.hset(KEY, report.instance, json.dumps(asdict(stamped)))
        client.expire(KEY, KEEP_S)
        for instance, other in _read_all(client).items():
            if other is None or (
                other.process_type == report.process_type and other.is_silent(now_s)
            ):
                client.hdel(KEY, instance)


def remove_report(instance: str) -> None:
    """A process that stops in order is not silent, it is gone. Raises redis.RedisError."""
    with _short_connection() as client:
        client.hdel(KEY, instance)


def read_time_s(client: redis.Redis) -> float:
    """Redis's clock, in seconds since the epoch. Raises redis.RedisError."""
    seconds, microseconds = client.time()
    return int(seconds) + int(microseconds) / 1e6


def read_reports(client: redis.Redis) -> list[Report]:
    """Each process's last report, silent ones too; what is none is left out and named in the log.

    Raises redis.RedisError.
    """
    return [report for report in _read_all(client).values() if report is not None]


def _read_all(client: redis.Redis) -> dict[str | bytes, Report | None]:
    stored: dict[bytes | str, bytes | str] = client.hgetall(KEY)
    return {instance: _try_to_parse(instance, text) for instance, text in stored.items()}


def _try_to_parse(instance: bytes | str, text: bytes | str) -> Report | None:
    try:
        return parse_report(text)
    except ReportError as error:
        logger.warning("The report of %.80r is left out: %s", instance, error)
        return None


def parse_report(text: bytes | str) -> Report:
    """Unknown fields are ignored, missing ones are unknown. Raises ReportError."""
    try:
        stored: Any = json.loads(text)
    except ValueError as error:
        raise ReportError("no JSON") from error
    if not isinstance(stored, dict):
        raise ReportError("no JSON object")
    known: dict[str, Any] = {field.name: stored.get(field.name) for field in fields(Report)}
    for name, value in known.items():
        _check(name, value)
    return Report(**known)


def _check(name: str, value: Any) -> None:
    """Raises ReportError."""
    if name in TEXTS:
        if not isinstance(value, str):
            raise ReportError(f"{name} is no text")
    elif value is not None and not _is_number(value):
        raise ReportError(f"{name} is no usable number")


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < LARGEST


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
