"""One message of an authority, with all that CAP 1.2 lets it say. Texts are "" where unsaid.

https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from weatherapp.domain.cap import Certainty, Severity, Urgency

Ring = tuple[tuple[float, float], ...]  # (degrees north, degrees east), the last as the first
Pairs = tuple[tuple[str, str], ...]  # (valueName, value), in the document's order, repeats kept


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message that this one speaks of; `sent_at` is None where it is no time."""

    sender: str
    identifier: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Circle:
    """All within `radius_km`; 0 is a point."""

    latitude: float
    longitude: float
    radius_km: float


@dataclass(frozen=True, slots=True)
class Area:
    """Where. `excluded` are holes; `problems` say which of its shapes could not be read."""

    description: str
    polygons: tuple[Ring, ...] = ()
    excluded: tuple[Ring, ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: Pairs = ()
    altitude_ft: float | None = None
    ceiling_ft: float | None = None
    problems: tuple[str, ...] = ()

    @property
    def has_geometry(self) -> bool:
        """Whether a position can be compared with it without a table of codes."""
        return bool(self.polygons or self.circles)


@dataclass(frozen=True, slots=True)
class Resource:
    """A file beside the message. What is embedded itself (CAP's derefUri) is not kept."""

    description: str
    mime_type: str
    uri: str
    size: str
    digest: str


@dataclass(frozen=True, slots=True)
class Info:
    """The message in one language, or for one part of its areas or times.

    `ends_at` is when the weather ends, where the issuer tells it from when the text expires.
    """

    language: str
    categories: tuple[str, ...]
    event: str
    response_types: tuple[str, ...]
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    raw_urgency: str
    raw_severity: str
    raw_certainty: str
    awareness_level: int | None  # MeteoAlarm: 1 green to 4 red
    audience: str
    event_codes: Pairs
    effective_at: datetime | None
    onset_at: datetime | None
    expires_at: datetime | None
    ends_at: datetime | None
    sender_name: str
    headline: str
    description: str
    instruction: str
    web: str
    contact: str
    parameters: Pairs
    resources: tuple[Resource, ...]
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """`is_summary`: made of what a feed's entry says; the whole message is behind its link."""

    identifier: str
    sender: str
    sent_at: datetime
    status: str
    message_type: str
    scope: str
    source: str
    restriction: str
    addresses: str
    codes: tuple[str, ...]
    note: str
    references: tuple[Reference, ...]
    incidents: str
    infos: tuple[Info, ...]
    replaced_by: str = ""  # the identifier of the message that took its place
    is_summary: bool = False

    @property
    def issuer(self) -> str:
        """Who says so, for readers; the sender where no name is given."""
        return next((info.sender_name for info in self.infos if info.sender_name), self.sender)


@dataclass(frozen=True, slots=True)
class Link:
    """A message that a feed only points to. `identifier` is "" where the entry names none."""

    url: str
    identifier: str
    title: str
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was there and is not used, and why."""

    identifier: str
    reason: str


Item = Message | Link | Dropped


@dataclass(frozen=True, slots=True)
class Document:
    """All that a body held. `is_complete`: every part of it could be read, so that what is absent
    is withdrawn."""

    messages: tuple[Message, ...]
    links: tuple[Link, ...]
    dropped: tuple[Dropped, ...]
    is_complete: bool
