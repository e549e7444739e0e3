"""All samples of one scrape: what /health sees, some counts of the tables, and what the process counts."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Iterator
from datetime import datetime
from time import perf_counter

import django
import psutil
from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseError

from weatherapp.health.findings import Finding
from weatherapp.operations.health import Health, read_health
from weatherapp.operations.metrics import catalogue as c
from weatherapp.operations.metrics.families import Sample
from weatherapp.operations.metrics.of_processes import list_of_processes
from weatherapp.operations.metrics.of_work import list_of_rows, list_of_work
from weatherapp.operations.metrics.requests import request_counts
from weatherapp.operations.metrics.rows import Rows, read_rows

KEY = "metrics"
KEPT_S = 5  # so that several that scrape at once cost the database one look

logger = logging.getLogger(__name__)


def read_samples(now: datetime) -> list[Sample]:
    """Within seconds, whatever does not answer: what is not known is left out, and never zero."""
    known: list[Sample] | None = cache.get(KEY)
    if known is None:
        known = _read_slowly(now)
        cache.set(KEY, known, KEPT_S)
    return [*known, *_list_of_this_process(), *request_counts.list_samples()]


def _read_slowly(now: datetime) -> list[Sample]:
    started_s = perf_counter()
    health = read_health(now)
    rows = _try_reading_rows(now) if health.work is not None else None
    samples = [c.BUILD.of(1, settings.COMMIT, platform.python_version(), django.get_version())]
    samples += _list_of_health(health)
    samples.append(c.DATABASE_UP.of(int(rows is not None)))
    samples.append(c.REDIS_UP.of(int(health.broker is not None)))
    if health.broker is not None:
        samples += list_of_processes(health.broker, health.processes or {})
    if health.work is not None:
        samples += list_of_work(health.work)
    if rows is not None:
        samples += list_of_rows(rows, now)
    samples.append(c.READ_SECONDS.of(round(perf_counter() - started_s, 4)))
    return samples


def _try_reading_rows(now: datetime) -> Rows | None:
    try:
        return read_rows(now)
    except DatabaseError as error:
        # Only the kind: the text may name hosts and users.
        logger.warning("The rows for the metrics cannot be read: %s", type(error).__name__)
        return None


def _list_of_health(health: Health) -> Iterator[Sample]:
    yield c.HEALTH.of(int(health.level))
    worst: dict[str, Finding] = {}
    for finding in health.findings:  # the worst first; of a code there may be several
        worst.setdefault(finding.code, finding)
    for code, finding in worst.items():
        yield c.FINDING.of(int(finding.level), code)


def _list_of_this_process() -> Iterator[Sample]:
    """Under the names that Prometheus's own clients have for it."""
    process = psutil.Process(os.getpid())
    with process.oneshot():
        times = process.cpu_times()
        yield c.RESIDENT.of(process.memory_info().rss)
        yield c.CPU.of(round(times.user + times.system, 2))
        yield c.STARTED.of(round(process.create_time(), 2))
        if hasattr(process, "num_fds"):  # not on Windows
            yield c.OPEN_FILES.of(process.num_fds())
