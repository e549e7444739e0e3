"""The queue in figures: what waits, what is being answered, how long that takes."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import redis
from django.core.cache import cache

from dyno.redis_client import kept_client
from dyno.reports import read_reports, read_time_s
from weatherapp.forecasting.asking.dispatch import LOST_AFTER
from weatherapp.forecasting.asking.service_times import (
    find_percentile,
    measure_service_times_s,
    read_finishes,
    suggest_predictors,
)
from weatherapp.forecasting.asking.waiting import Waiting, count_waiting
from weatherapp.models import PredictionRequest, RequestState

logger = logging.getLogger(__name__)

PREDICTOR = "predictor"
LOAD_MEASURED_OVER = timedelta(minutes=10)
CACHE_KEY = "queue.broker"
LATELY_S = 2
UNREACHABLE_S = 10


@dataclass(frozen=True, slots=True)
class Broker:
    """What Redis says: predictors that reported lately."""

    predictors_alive: int


@dataclass(frozen=True, slots=True)
class Speed:
    """Measured over the newest answers; None where there are none yet."""

    measured: int
    p50_s: float | None
    p95_s: float | None


@dataclass(frozen=True, slots=True)
class CurrentJob:
    """Of those under way the one that was sent first: a predictor has it, or takes it next."""

    request_id: str
    place: str
    priority: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """`broker` is None where Redis does not answer: then nobody knows who works."""

    now: datetime
    waiting: Waiting
    broker: Broker | None
    current_job: CurrentJob | None
    speed: Speed
    suggested_predictors: int

    @property
    def is_processing(self) -> bool | None:
        """What is under way without a living predictor waits for one."""
        if self.broker is None:
            return None
        return self.current_job is not None and self.broker.predictors_alive > 0

    @property
    def oldest_wait_s(self) -> float | None:
        """None where nobody waits, or since when is unknown: a wrong clock wrote a time to come."""
        oldest_at = self.waiting.oldest_at
        if oldest_at is None or oldest_at > self.now:
            return None
        return round((self.now - oldest_at).total_seconds(), 1)

    def to_json(self) -> dict[str, Any]:
        job = self.current_job
        return {
            "queue_size": self.waiting.total,
            "waiting": {"people": self.waiting.people, "schedule": self.waiting.schedule},
            "oldest_wait_s": self.oldest_wait_s,
            "is_processing": self.is_processing,
            "current_job": job and asdict(job) | {"sent_at": job.sent_at.isoformat()},
            "service_time_p50_ms": _to_ms(self.speed.p50_s),
            "service_time_p95_ms": _to_ms(self.speed.p95_s),
            "service_times_measured": self.speed.measured,
            "predictors_alive": self.broker and self.broker.predictors_alive,
            "suggested_predictors": self.suggested_predictors,
        }


def read_status(*, now: datetime) -> QueueStatus:
    """Takes a second or two at most where Redis does not answer."""
    waiting, broker = count_waiting(), read_broker()
    speed = read_speed(broker)
    return QueueStatus(
        now=now,
        waiting=waiting,
        broker=broker,
        current_job=_find_current(now),
        speed=speed,
        suggested_predictors=suggest_predictors(
            arrivals_per_s=_measure_arrivals_per_s(now),
            waiting=waiting.total,
            service_s=speed.p50_s,
        ),
    )


def read_broker() -> Broker | None:
    try:
        client = kept_client()  # readers' pages ask often: no connection of their own
        reports, now_s = read_reports(client), read_time_s(client)
    except redis.RedisError as error:
        # Only the kind: the text may name hosts and users.
        logger.warning("Redis does not answer: %s", type(error).__name__)
        return None
    alive = sum(
        report.process_type == PREDICTOR and not report.is_silent(now_s) for report in reports
    )
    return Broker(alive)


def read_broker_lately() -> Broker | None:
    """Some seconds old: what many readers' pages ask for. A silent Redis is asked even less."""
    known: tuple[Broker | None] | None = cache.get(CACHE_KEY)
    if known is None:
        known = (read_broker(),)
        cache.set(CACHE_KEY, known, UNREACHABLE_S if known[0] is None else LATELY_S)
    return known[0]


def read_speed(broker: Broker | None) -> Speed:
    predictors = max(broker.predictors_alive, 1) if broker else 1
    times_s = measure_service_times_s(read_finishes(), predictors=predictors)
    return Speed(len(times_s), find_percentile(times_s, 0.5), find_percentile(times_s, 0.95))


def _find_current(now: datetime) -> CurrentJob | None:
    under_way = PredictionRequest.objects.filter(
        state=RequestState.WAITING, sent_at__gt=now - LOST_AFTER
    )
    row = under_way.order_by("sent_at", "pk").select_related("place").defer("window").first()
    if row is None or row.sent_at is None:
        return None
    return CurrentJob(str(row.pk), row.place.name, row.priority, row.sent_at)


def _measure_arrivals_per_s(now: datetime) -> float:
    since = now - LOAD_MEASURED_OVER
    count = PredictionRequest.objects.filter(created_at__gt=since, created_at__lte=now).count()
    return count / LOAD_MEASURED_OVER.total_seconds()


def _to_ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(1000 * seconds, 1)
