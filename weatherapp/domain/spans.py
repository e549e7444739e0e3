"""Hours and spans of time; everything is aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From `starts_at` to `ends_at`, which is not before it."""

    starts_at: datetime
    ends_at: datetime

    def join(self, other: Span) -> Span:
        """The shortest span that holds both."""
        return Span(min(self.starts_at, other.starts_at), max(self.ends_at, other.ends_at))

    def meet(self, other: Span) -> Span | None:
        """What both have in common."""
        starts_at, ends_at = (
            max(self.starts_at, other.starts_at),
            min(self.ends_at, other.ends_at),
        )
        return Span(starts_at, ends_at) if starts_at <= ends_at else None


def floor_hour(at: datetime) -> datetime:
    """The full hour (UTC) at or before `at`."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
