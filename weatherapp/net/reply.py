"""What came back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

NOT_MODIFIED = 304
LONGEST_PAUSE = timedelta(days=1)
LONGEST_HEADER = 500  # characters; longer ones count as not sent


@dataclass(frozen=True, slots=True)
class Reply:
    """Texts are as they were sent, "" where they were not.

    `etag` and `last_modified` are for the next question: then NOT_MODIFIED may come back, with an
    empty body.
    """

    status: int
    body: bytes
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_after: str = ""
    location: str = ""

    def retry_at(self, *, now: datetime) -> datetime | None:
        """When the other side wants to be asked again, at most LONGEST_PAUSE from now."""
        wanted_at = _read_retry_after(self.retry_after, now)
        return None if wanted_at is None else min(max(wanted_at, now), now + LONGEST_PAUSE)


def make_reply(status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Reply:
    """Of a header that is sent twice the last one counts."""
    sent = {name.lower(): value.decode("latin-1") for name, value in headers}
    known = {name: value for name, value in sent.items() if len(value) <= LONGEST_HEADER}
    return Reply(
        status,
        body,
        content_type=known.get(b"content-type", ""),
        etag=known.get(b"etag", ""),
        last_modified=known.get(b"last-modified", ""),
        retry_after=known.get(b"retry-after", ""),
        location=sent.get(b"location", ""),
    )


def _read_retry_after(text: str, now: datetime) -> datetime | None:
    """Seconds, or a date of HTTP."""
    if text.isascii() and text.isdecimal():
        return now + timedelta(seconds=min(int(text), LONGEST_PAUSE.total_seconds()))
    try:
        wanted_at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return wanted_at if wanted_at.tzinfo else wanted_at.replace(tzinfo=UTC)
