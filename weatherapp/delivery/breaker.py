"""The circuit breaker: a server that fails is left alone for a while, then tried with one mail.

Its state is a row, so that it holds for all workers and survives their restarts.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from weatherapp.models import OutgoingServer

logger = logging.getLogger(__name__)

MAIL = "mail"
FIRST_REST = timedelta(minutes=1)  # doubles with each failure in a row
LONGEST_REST = timedelta(minutes=15)
MARGIN = timedelta(seconds=30)  # what a run may take beyond its limit, until it is killed
RUN_LEASE = timedelta(minutes=1)  # when the broker forgot the run, the next tick is one anyway


def read_server(name: str) -> OutgoingServer:
    server, _ = OutgoingServer.objects.get_or_create(name=name)
    return server


def find_rest(failures: int) -> timedelta:
    """How long a server is left alone after so many failures in a row."""
    return min(FIRST_REST * (1 << min(failures - 1, 10)), LONGEST_REST)


def take_turn(server: OutgoingServer, *, now: datetime) -> bool:
    """Whether this run may use the server; half open, only one of all workers' runs may."""
    if server.open_until is None:
        return True
    until = now + timedelta(seconds=settings.MAIL_LIMIT_SECONDS) + MARGIN
    return _change(server, open_until=server.open_until).update(open_until=until) == 1


def note_answer(server: OutgoingServer, *, now: datetime) -> None:
    """It said something about a mail, be it no: it works."""
    _change(server).update(failures=0, open_until=None, last_success_at=now)


def note_failure(server: OutgoingServer, error: str, *, now: datetime) -> None:
    """Leave it alone for a while. Two workers that fail at the same time count once."""
    failures = server.failures + 1
    rest = find_rest(failures)
    logger.warning(
        "%s server failed, left alone for %.0f s: %s", server, rest.total_seconds(), error
    )
    _change(server, failures=server.failures).update(
        failures=failures,
        open_until=now + rest,
        last_error=error[:500],
        last_failure_at=now,
    )


def note_end(server: OutgoingServer, error: str, *, now: datetime) -> None:
    """It worked and then went away: no reason to leave it alone, but to be seen."""
    _change(server).update(last_error=error[:500], last_failure_at=now)


def ask_run(name: str, *, now: datetime) -> bool:
    """Whether to queue a run: not while one waits there, nor while the server is left alone."""
    is_free = Q(run_queued_until=None) | Q(run_queued_until__lte=now)
    is_used = Q(open_until=None) | Q(open_until__lte=now)
    asked = _change(read_server(name)).filter(is_free, is_used)
    return asked.update(run_queued_until=now + RUN_LEASE) == 1


def begin_run(server: OutgoingServer) -> None:
    """From here on what becomes due needs another run. Before looking for what is due."""
    if server.run_queued_until is not None:
        _change(server).update(run_queued_until=None)


def _change(server: OutgoingServer, **seen: object) -> QuerySet[OutgoingServer]:
    """The row, if it still is as it was seen."""
    return OutgoingServer.objects.filter(pk=server.pk, **seen)
