"""Sends what is due, one mail after the other over one connection, and not for too long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Protocol

from weatherapp.delivery import breaker, confirmations, outbox
from weatherapp.delivery.email import MailServerError, MailSession
from weatherapp.models import OutgoingServer

Clock = Callable[[], datetime]


class Send(Protocol):
    """Whether the server answered. Raises MailServerError."""

    def __call__(self, session: MailSession, *, now: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """So many mails in a row, and for so long; one that is begun is ended."""

    mails: int
    time: timedelta


def send_due(clock: Clock, bounds: Bounds) -> bool:
    """Whether more is to be sent at once. While the server is left alone this is one query."""
    server = breaker.read_server(breaker.MAIL)
    if server.is_resting(clock()):
        return False
    breaker.begin_run(server)
    jobs = _find_due(clock, bounds.mails + 1)  # one more tells that more is due
    first = next(jobs, None)
    if first is None or not breaker.take_turn(server, now=clock()):
        return False
    with MailSession() as session:
        return _send_all(chain([first], jobs), server, session, clock, bounds)


def _find_due(clock: Clock, limit: int) -> Iterator[Send]:
    """Who waits for a confirmation first, then the longest owed; what failed before behind all."""
    for has_failed in (False, True):
        for kind in (confirmations, outbox):
            for row_id in kind.due(now=clock(), has_failed=has_failed, limit=limit):
                yield partial(kind.send, row_id)


def _send_all(
    jobs: Iterator[Send],
    server: OutgoingServer,
    session: MailSession,
    clock: Clock,
    bounds: Bounds,
) -> bool:
    ends_at, is_working = clock() + bounds.time, False
    try:
        session.open()  # before a row is touched: a server that is down costs no mail anything
        for count, send in enumerate(jobs):
            if count == bounds.mails or clock() >= ends_at:
                return True
            if send(session, now=clock()) and not is_working:
                is_working = True
                breaker.note_answer(server, now=clock())
    except MailServerError as error:
        _note_trouble(server, str(error), is_working=is_working, now=clock())
        return is_working
    return False


def _note_trouble(server: OutgoingServer, error: str, *, is_working: bool, now: datetime) -> None:
    """One that took mails before it went away may have had enough of this connection only."""
    note = breaker.note_end if is_working else breaker.note_failure
    note(server, error, now=now)
