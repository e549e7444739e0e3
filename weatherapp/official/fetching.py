"""One document over HTTP: a new body, "not modified", or a failure with a name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from django.conf import settings

from weatherapp.models import PollProblem, SourceKind
from weatherapp.net.client import Bounds, Client
from weatherapp.net.errors import (
    ForbiddenAddressError,
    GarbledError,
    NetError,
    TooLargeError,
    TooSlowError,
    TruncatedError,
    UnreachableError,
    WrongAddressError,
)
from weatherapp.net.guard import Guard
from weatherapp.net.reply import NOT_MODIFIED, Reply

# The narrowest error first. https://www.rfc-editor.org/rfc/rfc9110 names the statuses.
PROBLEMS: Mapping[type[NetError], PollProblem] = {
    ForbiddenAddressError: PollProblem.FORBIDDEN,
    WrongAddressError: PollProblem.WRONG_ADDRESS,
    TruncatedError: PollProblem.TRUNCATED,
    UnreachableError: PollProblem.UNREACHABLE,
    TooSlowError: PollProblem.TOO_SLOW,
    TooLargeError: PollProblem.TOO_LARGE,
    GarbledError: PollProblem.GARBLED,
}
STATUSES: Mapping[int, PollProblem] = {
    401: PollProblem.REFUSED,
    403: PollProblem.REFUSED,
    404: PollProblem.GONE,
    410: PollProblem.GONE,
    429: PollProblem.BUSY,
}
WITH_BODY = (200, 203)  # 203: api.met.no marks what is deprecated so
# MeteoAlarm answers 406 where only one kind is accepted.
XML = "application/cap+xml, application/atom+xml, application/rss+xml, application/xml, */*;q=0.1"
ACCEPTED = {
    SourceKind.METEOALARM_JSON: "application/json, */*;q=0.1",
    SourceKind.NWS: "application/geo+json",
    SourceKind.DWD_ZIP: "application/zip, */*;q=0.1",
}
IN_MEMORY = 500_000  # bytes of a body; of a larger one the rest is in a file


class PollError(Exception):
    """Nothing was learned. `words` are English, one short line; `retry_at` is the source's wish."""

    def __init__(
        self, problem: PollProblem, words: str, *, retry_at: datetime | None = None
    ) -> None:
        super().__init__(words)
        self.problem = problem
        self.words = words
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True)
class Body:
    """What came, whole; `file` stands at its beginning, and is gone when the poll is over."""

    address: str
    content_type: str
    file: IO[bytes]
    size: int  # bytes
    sha256: str
    etag: str = ""
    last_modified: str = ""


def connect(*, most_bytes: int, total_s: float) -> Client:
    """It tells who asks, asks nobody inside, and reads no more and no longer than it should."""
    bounds = Bounds(silence_s=10.0, total_s=total_s, body_bytes=most_bytes, redirects=3)
    contact = "; ".join(filter(None, (f"+{settings.SITE_URL}", settings.CONTACT_EMAIL)))
    guard = Guard(allow_private=settings.NET_ALLOW_PRIVATE)
    return Client(f"weatheralert ({contact})", bounds, guard=guard)


def open_spool() -> AbstractContextManager[IO[bytes]]:
    """A file that is in memory while it is small."""
    return cast("AbstractContextManager[IO[bytes]]", SpooledTemporaryFile(max_size=IN_MEMORY))


def fetch(
    client: Client,
    address: str,
    spool: IO[bytes],
    *,
    now: datetime,
    accept: str = XML,
    etag: str = "",
    last_modified: str = "",
) -> Body | None:
    """The body, in `spool`; None where nothing has changed since. Raises PollError."""
    try:
        reply = client.get(
            address, accept=accept, etag=etag, last_modified=last_modified, into=spool
        )
    except NetError as error:
        raise PollError(_name(error), str(error)) from error
    if reply.status == NOT_MODIFIED and (etag or last_modified):
        return None
    if reply.status not in WITH_BODY:
        raise PollError(
            name_status(reply.status), f"HTTP {reply.status}", retry_at=reply.retry_at(now=now)
        )
    return _measure(address, reply, spool)


def name_status(status: int) -> PollProblem:
    if status >= 500:
        return PollProblem.SERVER_ERROR
    return STATUSES.get(status, PollProblem.ODD_STATUS)


def _name(error: NetError) -> PollProblem:
    kinds = (problem for kind, problem in PROBLEMS.items() if isinstance(error, kind))
    return next(kinds, PollProblem.UNREACHABLE)


def _measure(address: str, reply: Reply, spool: IO[bytes]) -> Body:
    spool.seek(0)
    digest = hashlib.sha256()
    size = 0
    while piece := spool.read(65_536):
        digest.update(piece)
        size += len(piece)
    if not size:
        raise PollError(PollProblem.EMPTY, "The answer has no body.")
    spool.seek(0)
    return Body(
        address,
        reply.content_type,
        spool,
        size,
        digest.hexdigest(),
        etag=reply.etag,
        last_modified=reply.last_modified,
    )
