"""How the work goes, as samples. Pure: what was read, in; samples, out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.domain.hazards import Hazard
from weatherapp.health.facts import Work
from weatherapp.models import (
    AlertState,
    DeliveryState,
    RequestPriority,
    RequestState,
    TickRun,
    WarningSource,
)
from weatherapp.operations.metrics import catalogue as c
from weatherapp.operations.metrics.families import Family, Sample
from weatherapp.operations.metrics.rows import Rows, SourceRows


def list_of_work(work: Work) -> Iterator[Sample]:
    for tick in work.ticks:
        yield from _list_of_tick(tick)
    for source in work.warning_sources:
        yield from _list_of_official(source)
    yield from _at(c.LAST_ANSWER, work.answered_at)
    if work.cycle is not None:
        yield c.CYCLE.of(round(work.cycle.took.total_seconds(), 3))
    yield c.MAILS_UNSENT.of(work.mail.unsent)
    yield c.MAIL_AGE.of(_age_s(work.mail.oldest_unsent_at, work.now))
    yield c.MAIL_RESTS.of(int(work.mail.is_open))
    yield c.GIVEN_UP.of(work.mail.failed_24h)


def list_of_rows(rows: Rows, now: datetime) -> Iterator[Sample]:
    """All states, those that nothing is in as well: a series that comes and goes cannot be added."""
    waiting = rows.waiting
    yield c.QUEUE.of(waiting.people, RequestPriority.PEOPLE.lower())
    yield c.QUEUE.of(waiting.schedule, RequestPriority.SCHEDULE.lower())
    yield c.QUEUE_AGE.of(_age_s(waiting.oldest_at, now))
    for request_state in RequestState:
        yield c.REQUESTS.of(rows.requests.get(request_state, 0), request_state.lower())
    for state in DeliveryState:
        yield c.DELIVERIES.of(rows.deliveries.get(state, 0), state.lower())
    yield from _list_of_alerts(rows)
    for level in Severity:
        yield c.OFFICIAL_OPEN.of(rows.official.get(level, 0), level.lower())
    for source in rows.sources:
        yield from _list_of_source(source, now)
    yield c.DATABASE_SIZE.of(rows.size_bytes)
    for table, size_bytes in sorted(rows.table_bytes.items()):
        yield c.TABLE_SIZE.of(size_bytes, table)


def _list_of_alerts(rows: Rows) -> Iterator[Sample]:
    open_alerts = {(level.value, hazard.value): 0 for level in LEVELS for hazard in Hazard}
    for (severity, hazard, _), count in rows.alerts.items():
        open_alerts[severity, hazard] = open_alerts.get((severity, hazard), 0) + count
    for (severity, hazard), count in open_alerts.items():
        yield c.ALERTS.of(count, severity.lower(), hazard.lower())
    unconfirmed = (
        count for (*_, state), count in rows.alerts.items() if state == AlertState.NO_DATA
    )
    yield c.UNCONFIRMED.of(sum(unconfirmed))


def _list_of_source(source: SourceRows, now: datetime) -> Iterator[Sample]:
    yield c.PLACES.of(source.places, source.name)
    yield c.PLACES_FRESH.of(source.fresh, source.name)
    yield c.PLACES_FAILING.of(source.failing, source.name)
    yield c.PLACES_OVERDUE.of(source.overdue, source.name)
    yield c.DUE_AGE.of(_age_s(source.oldest_due_at, now), source.name)
    yield from _at(c.NEWEST_FETCH, source.newest_fetched_at, source.name)
    yield from _at(c.OLDEST_FETCH, source.oldest_fetched_at, source.name)


def _list_of_tick(tick: TickRun) -> Iterator[Sample]:
    yield from _at(c.TICK_SUCCESS, tick.finished_at, tick.name)
    yield c.TICK_INTERVAL.of(tick.every_s, tick.name)
    yield c.TICK_FAILED.of(int(bool(tick.error)), tick.name)


def _list_of_official(source: WarningSource) -> Iterator[Sample]:
    yield from _at(c.OFFICIAL_SUCCESS, source.succeeded_at, source.key)
    yield c.OFFICIAL_INTERVAL.of(source.asked_every.total_seconds(), source.key)
    yield c.OFFICIAL_FAILURES.of(source.failures, source.key)
    if source.in_force is not None:
        yield c.OFFICIAL_IN_FORCE.of(source.in_force, source.key)


def _at(family: Family, at: datetime | None, *labels: str) -> Iterator[Sample]:
    """Nothing for what never was."""
    if at is not None:
        yield family.of(round(at.timestamp(), 3), *labels)


def _age_s(at: datetime | None, now: datetime) -> float:
    """0 where nothing waits, and for a time to come, which a wrong clock wrote."""
    return 0.0 if at is None or at > now else round((now - at).total_seconds(), 1)
