"""Whether the site works, for monitors: one JSON answer, within seconds, whatever is broken.

The answer is 503 where pages cannot be shown (no database), since platforms restart the web process
for it or take it from their readers: what else is broken that would not mend. `?strict`, for people's
monitors, is 503 unless all is well (docs/decisions/0010).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, TypeVar

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dyno.memory import memory_limit_mb, memory_mb
from dyno.poison import read_poisoned
from dyno.redis_client import kept_client
from dyno.reports import Report, read_reports, read_time_s
from weatherapp.health.checks_of_work import check_work
from weatherapp.health.facts import Work, read_work
from weatherapp.health.findings import Finding, Level, worst
from weatherapp.health.processes import check_processes, describe_memory, describe_processes
from weatherapp.health.texts import describe
from weatherapp.models import WarningSource

logger = logging.getLogger(__name__)

OK, DOWN = "ok", "down"
PATIENCE_S = 2.0

Result = TypeVar("Result")
Processes = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Broker:
    """What Redis says: `now_s` by its own clock, since the epoch; `poisoned` messages rejected."""

    reports: list[Report]
    now_s: float
    poisoned: int


_started_s = monotonic()

# A network may stay silent for longer than a driver's timeouts promise (name look-up, a connection
# cut without a word). So threads ask, and can be left alone; one for each question, so that
# requests behind one that hangs give up on it instead of piling up.
_asks_database = ThreadPoolExecutor(1, thread_name_prefix="health-database")
_asks_redis = ThreadPoolExecutor(1, thread_name_prefix="health-redis")


@dataclass(frozen=True, slots=True)
class Health:
    """All that was found out; `work` and `broker` are None where the database or Redis is down."""

    read_at: datetime
    work: Work | None
    broker: Broker | None
    processes: Processes | None
    memory: Mapping[str, Any]  # of this process
    findings: Sequence[Finding]  # the worst first

    @property
    def level(self) -> Level:
        return worst(self.findings)


def read_health(now: datetime) -> Health:
    """Within seconds, whatever does not answer."""
    asked = _asks_redis.submit(_read_broker)
    work = _ask_database(now)
    broker = _wait_for(asked)
    processes = describe_processes(broker.reports, now_s=broker.now_s) if broker else None
    memory = describe_memory(memory_mb(), memory_limit_mb())
    findings = find_all(work, broker, processes, memory)
    return Health(now, work, broker, processes, memory, findings)


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    found = read_health(timezone.now())
    work, broker = found.work, found.broker
    report = {
        "status": found.level.word,
        "reasons": [describe_finding(finding) for finding in found.findings],
        "database": DOWN if work is None else OK,
        "redis": DOWN if broker is None else OK,
        "poisoned": broker and broker.poisoned,
        **found.memory,
        "commit": getattr(settings, "COMMIT", "") or None,
        **describe_work(work),
        "processes": found.processes,
    }
    is_bad = found.level > Level.OK if "strict" in request.GET else work is None
    return JsonResponse(report, status=503 if is_bad else 200)


def find_all(
    work: Work | None,
    broker: Broker | None,
    processes: Processes | None,
    memory: Mapping[str, Any],
) -> list[Finding]:
    """The worst first; None is what did not answer."""
    findings = [Finding(Level.FAILING, "database_down")] if work is None else check_work(work)
    if broker is None or processes is None:
        findings.append(Finding(Level.FAILING, "redis_down"))
    else:
        findings += check_processes(processes, broker.reports, now_s=broker.now_s)
        if broker.poisoned:
            count = {"count": broker.poisoned}
            findings.append(Finding(Level.DEGRADED, "messages_rejected", count))
    if not memory["within_limit"]:
        params = {"process": "web", "percent": memory["percent_of_limit"]}
        findings.append(Finding(Level.DEGRADED, "process_memory", params))
    return sorted(findings, key=lambda finding: -finding.level)


def describe_finding(finding: Finding) -> dict[str, str]:
    return {"code": finding.code, "level": finding.level.word, "text": describe(finding)}


def describe_work(work: Work | None) -> dict[str, Any]:
    """Nulls where the database did not answer, and for times in the future: unknown is not zero."""
    return {
        "predictions": {
            "last_answer_age_s": work and _seconds(work, work.answered_at),
            "waiting": work and work.waiting,
            "last_cycle": work and describe_cycle(work),
        },
        "fetch": {
            "failed_places": work and work.failed_places,
            "oldest_due_age_s": work and _seconds(work, work.oldest_due_at),
        },
        "warnings": work
        and {one.key: describe_warnings(work, one) for one in work.warning_sources},
        "mail": {"oldest_due_age_s": work and _seconds(work, work.mail_due_at)},
        "ticks": work and {tick.name: _seconds(work, tick.finished_at) for tick in work.ticks},
    }


def describe_warnings(work: Work, source: WarningSource) -> dict[str, Any]:
    """A source of official warnings that is on; `problem` is null after a good poll."""
    return {
        "last_success_age_s": _seconds(work, source.succeeded_at),
        "problem": source.problem or None,
        "failures": source.failures,
        "in_force": source.in_force,
    }


def describe_cycle(work: Work) -> dict[str, float | None] | None:
    """The last way from weather to a prediction; null where nothing was predicted yet."""
    cycle = work.cycle
    if cycle is None:
        return None
    return {
        "fetched_age_s": _seconds(work, cycle.fetched_at),
        "asked_age_s": _seconds(work, cycle.asked_at),
        "answered_age_s": _seconds(work, cycle.answered_at),
        "took_s": round(cycle.took.total_seconds(), 1),
    }


def _seconds(work: Work, at: datetime | None) -> float | None:
    age = work.age_of(at)
    return None if age is None else round(age.total_seconds(), 1)


def _ask_database(now: datetime) -> Work | None:
    if connection.vendor == "sqlite":  # a file: nothing to wait for
        return _try_reading_work(now)
    return _wait_for(_asks_database.submit(_read_work_apart, now))


def _read_work_apart(now: datetime) -> Work | None:
    """In a thread of its own, which keeps no connection between two questions."""
    try:
        return _try_reading_work(now)
    finally:
        connection.close()


def _try_reading_work(now: datetime) -> Work | None:
    try:
        return read_work(now, up=timedelta(seconds=monotonic() - _started_s))
    except DatabaseError as error:
        # Only the kind: the text may name hosts and users.
        logger.warning("The database is down: %s", type(error).__name__)
        return None


def _read_broker() -> Broker | None:
    """None where Redis is down."""
    try:
        client = kept_client()
        return Broker(read_reports(client), read_time_s(client), read_poisoned(client).count)
    except redis.RedisError as error:
        logger.warning("Redis is down: %s", type(error).__name__)
        return None


def _wait_for(question: Future[Result]) -> Result | None:
    try:
        return question.result(timeout=PATIENCE_S)
    except TimeoutError:
        question.cancel()  # works only on one that still queues behind another
        logger.warning("A health question got no answer within %g s", PATIENCE_S)
        return None
