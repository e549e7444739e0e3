"""What many messages come to: one event, as it stands at one time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from weatherapp.domain.cap import Severity
from weatherapp.official.documents.message import Dropped, Info, Message


class Phase(StrEnum):
    """Where an event stands."""

    IN_FORCE = "in force"
    FUTURE = "future"
    ENDED = "ended"


class Ending(StrEnum):
    """Why an event ended."""

    CANCELLED = "cancelled"  # the issuer said so
    SUPERSEDED = "superseded"  # another one took its place
    EXPIRED = "expired"  # its time is over
    WITHDRAWN = "withdrawn"  # absent from a complete answer of its source
    UNKNOWN = "unknown"  # nobody said when it ends, and long enough has passed


@dataclass(frozen=True, slots=True)
class Event:
    """`key` names it for good. `messages` are those that stand, the newest last; `identifiers` are
    of all that belong to it, the oldest first. `ended_because` only where it ended."""

    key: str
    identifiers: tuple[str, ...]
    phase: Phase
    ended_because: Ending | None
    severity: Severity
    onset_at: datetime
    expires_at: datetime | None  # None where nobody said
    messages: tuple[Message, ...]
    has_geometry: bool
    codes: frozenset[tuple[str, str]]
    languages: tuple[str, ...]
    issuer: str
    unresolved: tuple[str, ...]  # areas in words only: no shape and no code
    infos: tuple[Info, ...]  # what it says, as far as that is not over
    next_at: datetime | None  # when time alone will change what it says

    @property
    def status(self) -> str:
        """CAP's, of the newest message."""
        return self.messages[-1].status

    @property
    def message_type(self) -> str:
        """CAP's, of the newest message."""
        return self.messages[-1].message_type


@dataclass(frozen=True, slots=True)
class Folded:
    """What a set of messages comes to."""

    events: tuple[Event, ...]
    dropped: tuple[Dropped, ...]
