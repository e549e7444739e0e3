"""When a source of warnings is asked next. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from zlib import crc32

# A claim's time on the queue; whoever takes the message holds the source for another while.
QUEUE_LEASE = timedelta(minutes=10)
POLL_LEASE = timedelta(minutes=5)  # above Celery's hard limit for a task
LONGEST_LEASE = max(QUEUE_LEASE, POLL_LEASE)
LONGEST_BACK_OFF = timedelta(hours=1)
# Documents of a feed that did not fit into a poll.
SOON = timedelta(minutes=1)
JITTER = 0.1  # of the pause, either way
DOUBLINGS = 10


def find_next_poll_at(
    *,
    now: datetime,
    every: timedelta,
    failures: int = 0,
    retry_at: datetime | None = None,
    key: str = "",
) -> datetime:
    """After `failures` in a row the pause doubles from the second on, up to an hour.

    Never before `retry_at`, which the source itself has named. The jitter follows from `key` and
    `now`: sources that began together do not stay so.
    """
    doubled = every * int(2 ** min(max(failures - 1, 0), DOUBLINGS))
    pause = min(doubled, max(every, LONGEST_BACK_OFF))
    share = crc32(f"{key} {now.timestamp():.0f}".encode()) / 0xFFFFFFFF  # 0 to 1
    planned_at = now + pause * (1 - JITTER + 2 * JITTER * share)
    if retry_at is None or retry_at <= planned_at:
        return planned_at
    return retry_at + every * JITTER * share
