"""Keeps within a source's allowance: weights in fixed clock windows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from weatherapp.domain.source_problem import SourceProblem
from weatherapp.intake.source import SourceUnavailableError
from weatherapp.models import SourceCalls
from weatherapp.models.source_calls import CallWindow

EPOCH_AT = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTES = "%Y-%m-%d %H:%M"


def find_window_end(now: datetime, length: timedelta) -> datetime:
    """When the clock window (the minute, the full hour, the UTC day) that holds `now` ends."""
    return EPOCH_AT + ((now - EPOCH_AT) // length + 1) * length


class RateKeeper:
    """Counts what all workers of the site asked for, in rows: a restart forgets nothing.

    Others at the same address may have asked as well: the source's answer 429 then closes this
    process until its window ends, as does any answer that asks to be left alone.
    """

    def __init__(self, source: str, limits: Mapping[timedelta, float]) -> None:
        self._source = source
        self._limits = limits
        self._closed_until: datetime | None = None

    def reserve(self, weight: float, *, now: datetime, share: float = 1.0) -> None:
        """Count a request before it is made. Raises SourceUnavailableError with the time to wait for.

        What can wait takes no more than a `share` of what is allowed, and leaves the rest.
        """
        if self._closed_until is not None and now < self._closed_until:
            raise SourceUnavailableError(
                f"The source is left alone until {self._closed_until:{MINUTES}} UTC, as it asked.",
                problem=SourceProblem.RATE_LIMITED,
                retry_at=self._closed_until,
            )
        if not self._limits:
            return
        windows = [
            CallWindow(length, find_window_end(now, length), limit * share)
            for length, limit in self._limits.items()
        ]
        if full := SourceCalls.objects.reserve(self._source, weight, windows, now=now):
            raise SourceUnavailableError(
                f"The allowance of requests is used up until {full.ends_at:{MINUTES}} UTC.",
                problem=SourceProblem.RATE_LIMITED,
                retry_at=full.ends_at,
            )

    def give_back(self, weight: float, *, now: datetime) -> None:
        """Uncount what the source did not charge for."""
        if self._limits:
            SourceCalls.objects.give_back(self._source, weight, now=now)

    def close(self, *, until: datetime) -> None:
        """Ask nothing before `until`: every refused call is charged too."""
        self._closed_until = until
