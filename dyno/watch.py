"""A thread that gives back freed memory once a minute, and says how much its process holds."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from threading import Event, Thread
from time import monotonic

import redis

from dyno import reports
from dyno.identity import instance_name, process_type
from dyno.memory import family_memory_mb, memory_limit_mb, memory_mb
from dyno.trim import trim_heap

logger = logging.getLogger(__name__)

PERIOD_S = 60.0
WARN_PERCENT = 90.0
CALM_PERCENT = 80.0  # below it the next rise is worth another warning
STOP_S = 5.0


class MemoryWatch(Thread):
    """Logs at the start, once a minute and at the stop; warns once above WARN_PERCENT.

    `report` gets the same figure; see `watch_process` and `watch_child`.
    """

    def __init__(
        self,
        measure: Callable[[], float],
        *,
        report: Callable[[float, float], None] | None = None,
        forget: Callable[[], None] | None = None,
        period_s: float = PERIOD_S,
    ) -> None:
        super().__init__(name="memory-watch", daemon=True)
        self._measure = measure
        self._report = report
        self._forget = forget
        self._period_s = period_s
        self._stopping = Event()
        self._has_warned = False

    def run(self) -> None:
        self._look()
        while not self._stopping.wait(self._period_s):
            self._look()

    def stop(self) -> None:
        """Say the last word."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self.join(STOP_S)
        log_memory(self._measure(), memory_limit_mb())
        if self._forget is not None:
            _tell_redis(self._forget)

    def _look(self) -> None:
        trim_heap()
        used_mb, limit_mb = self._measure(), memory_limit_mb()
        log_memory(used_mb, limit_mb)
        self._warn(100 * used_mb / limit_mb)
        if self._report is not None:
            report = self._report
            _tell_redis(lambda: report(used_mb, limit_mb))

    def _warn(self, percent: float) -> None:
        if percent > WARN_PERCENT and not self._has_warned:
            self._has_warned = True
            logger.warning("Process above %g%% of its memory: %.1f%%", WARN_PERCENT, percent)
        elif percent < CALM_PERCENT:
            self._has_warned = False


def watch_process(*, root_pid: int | None = None, parts: Sequence[str] = ()) -> MemoryWatch:
    """Watch this process with its children, or those of `root_pid`; tell Redis too.

    `parts` are process types that live inside this one.
    """
    instances = [instance_name(), *(f"{part}-in-{instance_name()}" for part in parts)]

    started_s = monotonic()

    def report(used_mb: float, limit_mb: float) -> None:
        for instance, kind in zip(instances, (process_type(), *parts), strict=True):
            reports.write_report(
                reports.Report(
                    instance=instance,
                    process_type=kind,
                    pid=os.getpid(),
                    memory_mb=round(used_mb, 1) if kind == process_type() else None,
                    memory_limit_mb=limit_mb,
                    up_s=round(monotonic() - started_s, 1),
                )
            )

    def forget() -> None:
        for instance in instances:
            reports.remove_report(instance)

    watch = MemoryWatch(lambda: family_memory_mb(root_pid), report=report, forget=forget)
    watch.start()
    return watch


def watch_child() -> MemoryWatch:
    """Watch a child alone, in the log only: its parent reports for both."""
    watch = MemoryWatch(memory_mb)
    watch.start()
    return watch


def log_memory(used_mb: float, limit_mb: float) -> None:
    """One line; the log's format adds the process's type and pid."""
    logger.info("Process running mem=%.0fM(%.1f%%)", used_mb, 100 * used_mb / limit_mb)


def _tell_redis(call: Callable[[], None]) -> None:
    try:
        call()
    except redis.RedisError as error:
        # Whoever reads sees the silence; the process itself works on.
        logger.debug("No memory report: %s", type(error).__name__)
