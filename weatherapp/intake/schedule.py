"""When a place's weather is fetched next. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from zlib import crc32

from weatherapp.domain.spans import floor_hour
from weatherapp.intake.source import (
    SourceError,
    SourceGarbledError,
    SourceRefusedError,
    SourceUnavailableError,
)

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
# Not all at the full hour; but places that share a request stay together.
SPREAD_MINUTES = 5
PLACES_TOGETHER = 100
# Between two tries to fetch a place's past; a no is not asked about as often.
BACKFILL_PAUSE = timedelta(hours=1)
REFUSED_BACKFILL_PAUSE = timedelta(days=1)


def find_next_hour_at(*, clock_at: datetime, now: datetime, place_id: int) -> datetime:
    """Real time shortly after the place's clock reaches its next full hour."""
    next_hour_at = floor_hour(clock_at) + HOUR
    return now + (next_hour_at - clock_at) + find_spread(place_id)


def find_next_turn_at(fetched_at: datetime, *, hours: int, place_id: int, cell: str) -> datetime:
    """Shortly after the first full hour behind the fetch that is the place's turn: one of `hours`.

    Not all have theirs in the same hour; those of a cell do.
    """
    next_hour_at = floor_hour(fetched_at) + HOUR
    number = crc32(cell.encode()) if cell else place_id // PLACES_TOGETHER
    waits = -(int(next_hour_at.timestamp()) // 3600 + number) % hours
    return next_hour_at + waits * HOUR + find_spread(place_id)


def find_retry_at(
    error: SourceError, *, failures: int, clock_at: datetime, now: datetime, place_id: int
) -> datetime:
    """When to ask again after `failures` failures in a row, this one included."""
    if isinstance(error, SourceUnavailableError):
        if error.retry_at is not None:
            return max(error.retry_at, now) + find_spread(place_id)
        return now + min(MINUTE * (1 << min(failures - 1, 10)), LONGEST_PAUSE)
    if isinstance(error, SourceGarbledError) and failures == 1:
        return now + MINUTE
    return find_next_hour_at(clock_at=clock_at, now=now, place_id=place_id)


def find_next_backfill_at(error: SourceError, *, now: datetime) -> datetime:
    """When to ask for a place's past again."""
    if isinstance(error, SourceRefusedError):
        return now + REFUSED_BACKFILL_PAUSE
    pause_ends_at = now + BACKFILL_PAUSE
    if isinstance(error, SourceUnavailableError) and error.retry_at is not None:
        return max(error.retry_at, pause_ends_at)
    return pause_ends_at


def find_spread(place_id: int) -> timedelta:
    """1 to SPREAD_MINUTES minutes."""
    return MINUTE * (1 + place_id // PLACES_TOGETHER % SPREAD_MINUTES)
