"""Asks a source of warnings, and notes how that went. In the worker: it loads the network client.

A poll is whole when the feed and all documents that it links to were fetched and taken. Only then
may what is absent from it count as over; whatever fails leaves all that is known as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from time import sleep
from typing import Any

from weatherapp.models import PollProblem, SourceKind, SourceState, WarningSource
from weatherapp.models.warning_source import WORDS_AT_MOST
from weatherapp.net.one_line import one_line
from weatherapp.official import first_look
from weatherapp.official.fetching import (
    ACCEPTED,
    XML,
    Body,
    PollError,
    connect,
    fetch,
    open_spool,
)
from weatherapp.official.linked import Fetched, Take, fetch_linked, forget_unlisted
from weatherapp.official.narrowing import find_address
from weatherapp.official.schedule import POLL_LEASE, SOON, find_next_poll_at
from weatherapp.official.storing import take as storing

logger = logging.getLogger(__name__)

# Another one for each release that reads more or otherwise: what is there is then read again.
READER = "1"
FEED_S = 60.0  # Switzerland's is 9.4 MB
FORMS = {
    SourceKind.METEOALARM_JSON: first_look.JSON,
    SourceKind.NWS: first_look.JSON,
    SourceKind.DWD_ZIP: first_look.ZIP,
}

Finish = Callable[[WarningSource, datetime, datetime], None]


def look(source: WarningSource, body: Body) -> None:
    """Raise PollError (NOT_READ) for what cannot be what it should; nothing is stored of it."""
    is_feed = body.address == source.asked_address
    form = FORMS.get(SourceKind(source.kind), first_look.XML) if is_feed else first_look.XML
    head = body.file.read(first_look.HEAD)
    body.file.seek(0)
    if fault := first_look.find_fault(form, head, body.content_type):
        raise PollError(PollProblem.NOT_READ, fault)


def poll(
    source_id: int,
    claim: datetime,
    *,
    clock: Callable[[], datetime],
    take: Take = storing.take,
    finish: Finish = storing.finish,
    pause: Callable[[float], None] = sleep,
) -> bool:
    """Ask the source that `claim` stands for; False where somebody else has it by now.

    What is wrong with the source is in its row afterwards; a fault of our own is raised, too.
    """
    source = WarningSource.objects.take_up(source_id, claim, now=clock(), lease=POLL_LEASE)
    if source is None:
        return False
    try:
        changes = _ask(source, take, finish, clock, pause)
    except PollError as error:
        changes = _fail(source, error, now=clock())
    except Exception as error:
        fault = PollError(PollProblem.OWN_FAULT, type(error).__name__)
        _note(source, _fail(source, fault, now=clock()))
        raise
    return _note(source, changes)


def _ask(
    source: WarningSource,
    take: Take,
    finish: Finish,
    clock: Callable[[], datetime],
    pause: Callable[[float], None],
) -> dict[str, Any]:
    """The row's new values. Raises PollError."""
    now = clock()
    if source.read_with != READER:
        _forget_marks(source)
    with (
        connect(most_bytes=source.most_mb * 1_000_000, total_s=FEED_S) as client,
        open_spool() as spool,
    ):
        body = fetch(
            client,
            find_address(source),
            spool,
            now=now,
            accept=ACCEPTED.get(SourceKind(source.kind), XML),
            etag=source.etag,
            last_modified=source.last_modified,
        )
        if body is None:
            return _succeed(source, now=clock())
        body = replace(body, address=source.asked_address)  # the feed, whatever of it was asked for
        if source.state != SourceState.ON:
            look(source, body)
            return _succeed(source, now=clock())
        # MeteoAlarm marks no versions: its bodies are compared. After a poll that was not whole
        # the same body is read once more.
        if not source.problem and body.sha256 == source.body_sha256:
            return _succeed(source, now=clock()) | _keep_marks(body)
        look(source, body)
        taken = take(source, body, now)
    links = taken.links
    fetched = fetch_linked(source, links, take, clock=clock, pause=pause) if links else None
    came = {
        "body_at": now,
        "body_sha256": body.sha256,
        "body_bytes": body.size,
    }
    if fetched is not None and (fetched.failed or fetched.left):
        return came | _stay_incomplete(source, fetched, now=clock())
    if not taken.is_complete:
        return came | _stay_partly_read(source, now=clock())
    forget_unlisted(source, now=now)
    finish(source, now, clock())
    return came | _succeed(source, now=clock()) | _keep_marks(body)


def _forget_marks(source: WarningSource) -> None:
    """So that all that is there comes once more. Noted at once: a poll that is killed goes on later."""
    source.read_with = READER
    source.save(update_fields=["read_with"])
    source.etag = source.last_modified = source.body_sha256 = ""
    source.documents.update(version="", etag="", last_modified="", fetched_at=None)


def _keep_marks(body: Body) -> dict[str, Any]:
    """Of the version that came; the client takes no longer ones than the row holds."""
    return {"etag": body.etag, "last_modified": body.last_modified}


def _succeed(source: WarningSource, *, now: datetime) -> dict[str, Any]:
    return {
        "succeeded_at": now,
        "failures": 0,
        "problem": "",
        "problem_words": "",
        "polled_at": now,
        "next_poll_at": find_next_poll_at(now=now, every=source.asked_every, key=source.key),
    }


def _stay_incomplete(source: WarningSource, fetched: Fetched, *, now: datetime) -> dict[str, Any]:
    """What came is taken. No back-off: the other documents of the feed must not wait for a bad one.

    Without the marks of its version the feed comes whole the next time, and with it the links.
    """
    is_bad = bool(fetched.failed)
    every = source.asked_every if is_bad else min(SOON, source.asked_every)
    return {
        "etag": "",
        "last_modified": "",
        "polled_at": now,
        "problem": PollProblem.LINKS_FAILED if is_bad else PollProblem.INCOMPLETE,
        "problem_words": f"{fetched.failed} failed, {fetched.left} left",
        **({"failures": source.failures + 1, "failed_at": now} if is_bad else {}),
        "next_poll_at": find_next_poll_at(
            now=now, every=every, retry_at=fetched.retry_at, key=source.key
        ),
    }


def _stay_partly_read(source: WarningSource, *, now: datetime) -> dict[str, Any]:
    """What could be read is taken, and nothing counts as over for want of the rest."""
    return _succeed(source, now=now) | {
        "succeeded_at": source.succeeded_at,
        "problem": PollProblem.PARTLY_READ,
        "failed_at": now,
        "failures": source.failures + 1,
        "etag": "",
        "last_modified": "",
    }


def _fail(source: WarningSource, error: PollError, *, now: datetime) -> dict[str, Any]:
    failures = source.failures + 1
    return {
        "failures": failures,
        "failed_at": now,
        "polled_at": now,
        "problem": error.problem,
        "problem_words": one_line(error.words, WORDS_AT_MOST),
        "next_poll_at": find_next_poll_at(
            now=now,
            every=source.asked_every,
            failures=failures,
            retry_at=error.retry_at,
            key=source.key,
        ),
    }


def _note(source: WarningSource, changes: dict[str, Any]) -> bool:
    """Write, and let go. False where the source was moved, switched or taken by another meanwhile."""
    held = WarningSource.objects.filter(pk=source.pk, claimed_until=source.claimed_until)
    if held.update(**changes, claimed_until=None):
        return True
    logger.warning("The poll of %s came too late to be noted", source.key)
    return False
