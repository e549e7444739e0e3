"""Which messages are for the public at all, and which version of each counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from weatherapp.official.documents.cap import GREEN
from weatherapp.official.documents.message import Dropped, Info, Message
from weatherapp.official.events.vtec import TEST, list_vtec

ACTUAL, PUBLIC, CANCEL = "Actual", "Public", "Cancel"
TYPES = frozenset(["Alert", "Update", CANCEL])


def keep_public(messages: Iterable[Message]) -> tuple[list[Message], list[Dropped]]:
    """Each identifier once, and what was left out with the reason."""
    newest: dict[str, Message] = {}
    dropped: list[Dropped] = []
    for message in messages:
        reason = find_reason(message)
        if reason:
            dropped.append(Dropped(message.identifier, reason))
        elif is_newer(message, newest.get(message.identifier)):
            newest[message.identifier] = message
    return list(newest.values()), list(dict.fromkeys(dropped))


def is_green(info: Info) -> bool:
    """MeteoAlarm: "no warning", said by a warning."""
    return info.awareness_level == GREEN


def is_newer(message: Message, known: Message | None) -> bool:
    """An identifier that is used again, with a newer time, is read again; a whole message tells
    more than a feed's entry about it."""
    if known is None:
        return True
    if message.is_summary != known.is_summary and message.sent_at == known.sent_at:
        return known.is_summary
    return message.sent_at > known.sent_at


def find_reason(message: Message) -> str:
    """Why it is not for the public; "" where it is."""
    if message.status != ACTUAL:
        return f"status: {message.status or 'missing'}"
    if message.scope and message.scope != PUBLIC:
        return f"scope: {message.scope}"
    if message.message_type not in TYPES:
        return f"message type: {message.message_type or 'missing'}"
    if any(vtec.product == TEST for vtec in list_vtec(message)):
        return "status: VTEC says that it is a test"
    if not message.infos and message.message_type != CANCEL:
        return "it has no info"
    return ""
