"""Whether there is something to publish of an alert, and what. Pure.

A published message lives for some hours only and is renewed while the alert is confirmed: many readers
neither follow references nor read cancellations, and for them an alert is over when its message expires.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from weatherapp.domain.cap import Severity

LIFE = timedelta(hours=3)  # of a message; the next hour's data come in time to renew it
RENEWED_BEFORE = timedelta(minutes=75)  # of its end: a cycle, and one that failed
OVER_LIFE = timedelta(hours=1)  # of a message that says that it is over
AFTER_ONSET = timedelta(hours=1)  # a message about what is to come lives until it has come


class Kind(StrEnum):
    """What a message tells."""

    ALERT = "ALERT"
    UPDATE = "UPDATE"  # more or less severe, longer
    RENEWAL = "RENEWAL"  # the same as before, which would expire
    ALL_CLEAR = "ALL_CLEAR"
    CANCEL = "CANCEL"  # it ended for another reason than the weather


class Ending(StrEnum):
    """How an alert ended."""

    OVER = "OVER"  # the weather is
    WITHDRAWN = "WITHDRAWN"  # by an operator, or the rule looks no longer
    UNKNOWN = "UNKNOWN"  # for want of data: its last message expires, and nothing is claimed


@dataclass(frozen=True, slots=True)
class Standing:
    """The alert as it is now. Times are real."""

    ending: Ending | None  # None: it is open
    severity: Severity
    onset_at: datetime
    ends_at: datetime | None  # None: nobody knows
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """The newest message."""

    kind: Kind
    severity: Severity
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """`kind` None: nothing is to be published. `look_at`: when time alone may change that."""

    kind: Kind | None
    look_at: datetime | None


NOTHING = Decision(None, None)


class Expiring(Protocol):
    @property
    def expires_at(self) -> datetime: ...


T = TypeVar("T", bound=Expiring)


def decide(standing: Standing, told: Told | None, *, has_news: bool, now: datetime) -> Decision:
    """`has_news`: whether anything that readers are told of changed since the newest message."""
    if told is not None and told.kind in (Kind.ALL_CLEAR, Kind.CANCEL):
        return NOTHING
    if standing.ending is not None:
        return Decision(_end(standing.ending, told), None)
    if told is None:
        return _say(Kind.ALERT, standing, now)
    if has_news or standing.severity is not told.severity:
        return _say(Kind.UPDATE, standing, now)
    if not standing.is_confirmed:
        return NOTHING  # data that come back are a change
    if now < told.expires_at - RENEWED_BEFORE:
        return Decision(None, told.expires_at - RENEWED_BEFORE)
    return _say(Kind.RENEWAL, standing, now)


def find_expiry(kind: Kind, *, onset_at: datetime, now: datetime) -> datetime:
    """When a message of that kind that is sent `now` expires: never before the weather begins."""
    if kind in (Kind.ALL_CLEAR, Kind.CANCEL):
        return now + OVER_LIFE
    return max(now + LIFE, onset_at + AFTER_ONSET)


def pick_references(earlier: Sequence[T], *, now: datetime) -> list[T]:
    """Of the messages before: all that have not expired, else the newest, since one has to be named."""
    alive = [one for one in earlier if one.expires_at > now]
    return alive or list(earlier[-1:])


def _say(kind: Kind, standing: Standing, now: datetime) -> Decision:
    expires_at = find_expiry(kind, onset_at=standing.onset_at, now=now)
    return Decision(kind, expires_at - RENEWED_BEFORE)


def _end(ending: Ending, told: Told | None) -> Kind | None:
    if told is None or ending is Ending.UNKNOWN:
        return None
    return Kind.ALL_CLEAR if ending is Ending.OVER else Kind.CANCEL
