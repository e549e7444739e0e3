"""What a document would become, for an operator and for programs. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from weatherapp.official.documents.message import Document, Dropped, Link, Message
from weatherapp.official.events.event import Event
from weatherapp.official.events.fold import fold

Told = dict[str, Any]


def tell(document: Document, at: datetime) -> Told:
    """As it stands at `at`; of plain values, for JSON."""
    folded = fold(document.messages, at)
    pointed = _list_unread(document.links, document.messages)
    dropped = [*document.dropped, *folded.dropped, *pointed]
    return {
        "events": [_tell_event(event) for event in folded.events],
        "dropped": [{"identifier": one.identifier, "reason": one.reason} for one in dropped],
        "refused": None,
    }


def tell_refusal(error: Exception) -> Told:
    """The document as a whole cannot be used. The error's name is without "Error"."""
    name = type(error).__name__.removesuffix("Error")
    return {"events": [], "dropped": [], "refused": {"error": name, "message": str(error)}}


def _tell_event(event: Event) -> Told:
    return {
        "key": event.key,
        "identifiers": list(event.identifiers),
        "status": event.status,
        "message_type": event.message_type,
        "phase": event.phase.value,
        "ended_because": event.ended_because.value if event.ended_because else None,
        "severity": event.severity.value,
        "onset": _tell_time(event.onset_at),
        "expires": _tell_time(event.expires_at),
        "has_geometry": event.has_geometry,
        "codes": len(event.codes),
        "languages": list(event.languages),
        "issuer": event.issuer,
    }


def _list_unread(links: Iterable[Link], messages: Iterable[Message]) -> list[Dropped]:
    """Of the links those whose entries say nothing of the warning themselves."""
    known = {message.identifier for message in messages}
    return [
        Dropped(link.identifier or link.url, f"only a link to a message: {link.url}")
        for link in links
        if link.identifier not in known and link.url not in known
    ]


def _tell_time(time_at: datetime | None) -> str | None:
    return time_at.isoformat(timespec="seconds") if time_at else None
