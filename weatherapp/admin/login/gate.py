"""How many passwords may be tried: limits in the database, and one hash at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock

from weatherapp.admin.login.attempt import Attempt
from weatherapp.models.budget import Budget, Limit

# From one network, whatever the names; for one name, wherever from; and for a browser that was in
# before, which the first two do not touch.
CLIENT = Limit("log in from a network", 6, timedelta(minutes=5))
NAME = Limit("log in as a user", 20, timedelta(minutes=10))
DEVICE = Limit("log in from a known browser", 6, timedelta(minutes=5))

# A hash takes a core for half a second: a second one at the same time would take the other of the
# process's threads from the readers.
_hashing = Lock()
KNOWN_PATIENCE_S = 2.0  # a known browser waits for its turn: no flood keeps its owner out


class BusyError(RuntimeError):
    """Somebody else's password is being looked at: try again in a moment."""


@contextmanager
def admit(attempt: Attempt, *, now: datetime) -> Iterator[None]:
    """The turn to look at one password. Raises BusyError, TooManyRequestsError."""
    if not _hashing.acquire(timeout=KNOWN_PATIENCE_S if attempt.device_key else 0):
        raise BusyError
    try:
        _spend(attempt, now=now)
        yield
    finally:
        _hashing.release()


def _spend(attempt: Attempt, *, now: datetime) -> None:
    if attempt.device_key:
        Budget.objects.spend((DEVICE, attempt.device_key), now=now)
    else:
        Budget.objects.spend((CLIENT, attempt.client_key), (NAME, attempt.name_key), now=now)
