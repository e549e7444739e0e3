"""What an operator does with sources of warnings: on, off, and one poll out of turn."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from weatherapp.models import SourceState, WarningSource
from weatherapp.official.schedule import QUEUE_LEASE

# What was learned at an address. Without it the next poll takes the whole body, whatever came before;
# and a poll that is under way is not noted.
FORGOTTEN = {
    "etag": "",
    "last_modified": "",
    "body_sha256": "",
    "next_poll_at": None,
    "claimed_until": None,
}


def switch_on(sources: QuerySet[WarningSource], *, now: datetime) -> int:
    """How many were not on before. They are due at once."""
    off = sources.exclude(state=SourceState.ON)
    return off.update(state=SourceState.ON, decided_at=now, failures=0, **FORGOTTEN)


def switch_off(sources: QuerySet[WarningSource], *, now: datetime) -> int:
    """How many were on, or suggested, before. What was suggested is not suggested again."""
    others = sources.exclude(state=SourceState.OFF)
    return others.update(
        state=SourceState.OFF, decided_at=now, in_force=None, problem="", failures=0, **FORGOTTEN
    )


def claim_now(sources: QuerySet[WarningSource], *, now: datetime) -> dict[int, datetime]:
    """The claims of those that nobody holds, whether or not they are due, or on; by id.

    One that is not on is asked all the same, once, and nothing that it says is taken.
    """
    claim = now + QUEUE_LEASE
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    ids = list(sources.filter(free).values_list("pk", flat=True))
    return {
        pk: claim
        for pk in ids
        if WarningSource.objects.filter(free, pk=pk).update(claimed_until=claim)
    }
