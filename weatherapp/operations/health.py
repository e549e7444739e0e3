"""Whether the site works, for monitors: one JSON answer, within seconds, whatever is broken."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from dyno.redis_client import kept_client
from dyno.reports import Report, read_reports
from weatherapp.models import Place, Prediction, PredictionRequest, RequestState
from weatherapp.operations.processes import describe_memory, describe_processes, is_well

logger = logging.getLogger(__name__)

OK, DEGRADED, DOWN = "ok", "degraded", "down"
PATIENCE_S = 2.0
TIME_TO_ANSWER = timedelta(minutes=5)  # a predictor that is up and not flooded needs seconds

Result = TypeVar("Result")

# A network may stay silent for longer than a driver's timeouts promise (name look-up, a connection
# cut without a word). So threads ask, and can be left alone; one for each question, so that
# requests behind one that hangs give up on it instead of piling up.
_asks_database = ThreadPoolExecutor(1, thread_name_prefix="health-database")
_asks_redis = ThreadPoolExecutor(1, thread_name_prefix="health-redis")


@dataclass(frozen=True, slots=True)
class Work:
    """How the work goes, as the tables tell it."""

    last_answer_age_s: float | None
    waiting: int
    is_prediction_missing: bool
    failed_places: int


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """503 when readers cannot be served (no database) or nothing moves on (no Redis)."""
    now = timezone.now()
    asked = _asks_redis.submit(_read_reports)
    work = _ask_database(now)
    reports = _wait_for(asked)
    memory = describe_memory(memory_mb(), memory_limit_mb())
    processes = describe_processes(reports or [], now_s=now.timestamp())
    status = judge(
        work,
        is_redis_up=reports is not None,
        is_within_limit=memory["within_limit"],
        are_processes_well=is_well(processes),
    )
    report = {
        "status": status,
        "database": DOWN if work is None else OK,
        "redis": DOWN if reports is None else OK,
        **memory,
        "commit": getattr(settings, "COMMIT", "") or None,
        **describe_work(work),
        "processes": None if reports is None else processes,
    }
    return JsonResponse(report, status=503 if status == DOWN else 200)


def judge(
    work: Work | None, *, is_redis_up: bool, is_within_limit: bool, are_processes_well: bool
) -> str:
    """`work` None: the database did not answer."""
    if work is None or not is_redis_up:
        return DOWN
    if work.is_prediction_missing or work.failed_places:
        return DEGRADED
    return OK if is_within_limit and are_processes_well else DEGRADED


def describe_work(work: Work | None) -> dict[str, Any]:
    """Nulls where the database did not answer: unknown is not zero."""
    return {
        "predictions": {
            "last_answer_age_s": work and work.last_answer_age_s,
            "waiting": work and work.waiting,
        },
        "fetch": {"failed_places": work and work.failed_places},
    }


def read_work(now: datetime) -> Work:
    """Four small queries, each on an index."""
    answered_at = Prediction.objects.order_by("-pk").values_list("answered_at", flat=True).first()
    requests = PredictionRequest.objects.all()
    unanswered = requests.exclude(state=RequestState.ANSWERED).filter(
        expires_at__gt=now - settings.PREDICTION_FRESH, created_at__lt=now - TIME_TO_ANSWER
    )
    if answered_at is not None:
        unanswered = unanswered.filter(created_at__gt=answered_at)
    return Work(
        last_answer_age_s=round((now - answered_at).total_seconds(), 1) if answered_at else None,
        waiting=requests.filter(state=RequestState.WAITING).count(),
        is_prediction_missing=unanswered.exists(),
        failed_places=Place.objects.active().filter(fetch_failures__gt=0).count(),
    )


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
        return read_work(now)
    except DatabaseError as error:
        # Only the kind: the text may name hosts and users.
        logger.warning("The database is down: %s", type(error).__name__)
        return None


def _read_reports() -> list[Report] | None:
    """None where Redis is down."""
    try:
        return read_reports(kept_client())
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
