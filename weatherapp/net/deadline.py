"""One moment by which a whole exchange must be over, wherever in it the time goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from weatherapp.net.errors import TooSlowError

_ends_at_s: ContextVar[float] = ContextVar("ends_at_s")


@contextmanager
def whole_exchange(total_s: float) -> Iterator[None]:
    """Within, `left_s` counts down."""
    token = _ends_at_s.set(monotonic() + total_s)
    try:
        yield
    finally:
        _ends_at_s.reset(token)


def left_s(at_most_s: float | None = None) -> float:
    """How long the next step may take. Raises TooSlowError where no time is left."""
    left = _ends_at_s.get() - monotonic()
    if left <= 0:
        raise TooSlowError("There is no whole answer in time.")
    return left if at_most_s is None else min(left, at_most_s)
