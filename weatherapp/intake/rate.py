"""Keeps within a source's allowance: weights in fixed clock windows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from weatherapp.intake.source import SourceUnavailableError

EPOCH_AT = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTES = "%Y-%m-%d %H:%M"


def find_window_end(now: datetime, length: timedelta) -> datetime:
    """When the clock window (the minute, the full hour, the UTC day) that holds `now` ends."""
    return EPOCH_AT + ((now - EPOCH_AT) // length + 1) * length


class RateKeeper:
    """Counts what this process asked for; the source counts all processes of an address.

    So two workers together may pass the limit: the source's answer 429 then closes each of them
    until its window ends, as does any answer that asks to be left alone.
    """

    def __init__(self, limits: Mapping[timedelta, float]) -> None:
        self._limits = limits
        self._used: dict[timedelta, tuple[datetime, float]] = {}
        self._closed_until: datetime | None = None

    def reserve(self, weight: float, *, now: datetime, share: float = 1.0) -> None:
        """Count a request before it is made. Raises SourceUnavailableError with the time to wait for.

        What can wait takes no more than a `share` of what is allowed, and leaves the rest.
        """
        if self._closed_until is not None and now < self._closed_until:
            raise SourceUnavailableError(
                f"The source is left alone until {self._closed_until:{MINUTES}} UTC, as it asked.",
                retry_at=self._closed_until,
            )
        for length, limit in self._limits.items():
            if self._read(length, now) + weight > limit * share:
                retry_at = find_window_end(now, length)
                raise SourceUnavailableError(
                    f"The allowance of requests is used up until {retry_at:{MINUTES}} UTC.",
                    retry_at=retry_at,
                )
        self._add(weight, now)

    def give_back(self, weight: float, *, now: datetime) -> None:
        """Uncount what the source did not charge for."""
        self._add(-weight, now)

    def close(self, *, until: datetime) -> None:
        """Ask nothing before `until`: every refused call is charged too."""
        self._closed_until = until

    def _read(self, length: timedelta, now: datetime) -> float:
        end_at, used = self._used.get(length, (now, 0.0))
        return used if now < end_at else 0.0

    def _add(self, weight: float, now: datetime) -> None:
        for length in self._limits:
            used = max(0.0, self._read(length, now) + weight)
            self._used[length] = (find_window_end(now, length), used)
