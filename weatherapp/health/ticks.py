"""Notes each run of the clock's ticks, so that a tick that stays away can be seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from celery import current_task
from django.utils import timezone

from weatherapp.models import TickRun

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_paces: dict[str, timedelta] = {}

Tick = Callable[[], None]


def tick(*, every: timedelta) -> Callable[[Tick], Tick]:
    """For a task that the clock sends at this pace.

    Of messages that piled up while no worker took them only the first does the work: the others
    come sooner than half the pace after it. Their own times are not looked at, since they are by
    another machine's clock. A run that nobody but a person or a test asked for is always done.
    """

    def decorate(work: Tick) -> Tick:
        name = work.__name__
        _paces[name] = every

        @wraps(work)
        def run() -> None:
            pause = every / 2 if _is_sent_by_beat() else timedelta(0)
            if TickRun.objects.begin(name, every=every, now=timezone.now(), pause=pause):
                _run_noted(name, work)

        return run

    return decorate


def known_paces() -> dict[str, timedelta]:
    """All kinds of ticks of this release, once `weatherapp.tasks` is imported."""
    return dict(_paces)


def _run_noted(name: str, work: Tick) -> None:
    try:
        work()
    except Exception as error:  # noted and raised again
        TickRun.objects.fail(name, type(error).__name__, now=timezone.now())
        raise
    TickRun.objects.finish(name, now=timezone.now())


def _is_sent_by_beat() -> bool:
    """Celery marks what its beat sends."""
    task: Any = current_task  # a proxy, of nothing outside of tasks
    return bool(task) and bool(task.request.get("celery_beat_task"))
