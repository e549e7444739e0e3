"""For jobs that do as much as fits some seconds and leave the rest to the next tick."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic


def start_time_limit(seconds: float) -> Callable[[], bool]:
    """Asks whether the time, from now on, is up."""
    ends_s = monotonic() + seconds
    return lambda: monotonic() >= ends_s


def never() -> bool:
    """No limit."""
    return False
