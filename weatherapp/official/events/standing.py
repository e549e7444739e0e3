"""What of an event's messages stands at a time, and until when. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from weatherapp.domain.cap import Urgency
from weatherapp.official.documents.message import Info, Message
from weatherapp.official.events.event import Ending
from weatherapp.official.events.grouping import list_references, order
from weatherapp.official.events.sorting import CANCEL, is_green
from weatherapp.official.events.vtec import CANCELLED, EXPIRING, UPGRADED, list_vtec

# Without an end a warning may not stand for ever: this long after it was sent or began.
LONGEST_WITHOUT_END = timedelta(hours=24)
# Clocks differ and zones are mistaken; what was sent later than this is not sent yet.
CLOCKS_DIFFER = timedelta(days=1)
ALL_CLEAR = "AllClear"

Codes = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Head:
    """A message that nothing took the place of, and the codes that it still speaks for."""

    message: Message
    codes: Codes


@dataclass(frozen=True, slots=True)
class Part:
    """An info of a head: `because` is why it is over, at the time that was asked for."""

    info: Info
    message: Message
    starts_at: datetime
    ends_at: datetime | None  # as it was said
    because: Ending | None

    @property
    def over_at(self) -> datetime:
        """When it will be over, if nothing more is said."""
        return self.ends_at or _find_limit(self.message, self.starts_at)


def find_heads(messages: Sequence[Message], at: datetime, key: str) -> list[Head]:
    """In their order. Messages of the future take nobody's place, unless there are no others."""
    sent = [message for message in messages if message.sent_at <= at + CLOCKS_DIFFER]
    known = {message.identifier: message for message in sent or messages}
    replaced = {
        one.identifier
        for one, other in _list_successions(known)
        if order(one) < order(other)  # also where they refer to each other in a circle
    }
    heads = [message for message in known.values() if message.identifier not in replaced]
    if not any(vtec.key == key for message in heads for vtec in list_vtec(message)):
        return [Head(message, list_codes(message)) for message in heads]
    return _share_codes(heads)


def _list_successions(known: Mapping[str, Message]) -> Iterator[tuple[Message, Message]]:
    """Who took whose place, as either of them says."""
    for message in known.values():
        for reference in list_references(message):
            if reference.identifier in known:
                yield known[reference.identifier], message
        if message.replaced_by in known:
            yield message, known[message.replaced_by]


def list_codes(message: Message) -> Codes:
    """All geocodes of all its areas."""
    return frozenset(
        code for info in message.infos for area in info.areas for code in area.geocodes
    )


def _share_codes(heads: Sequence[Message]) -> list[Head]:
    """NWS: an event's newest message about a zone is the one that holds there, referred to or not."""
    newest = {code: head for head in heads for code in list_codes(head)}
    left = [
        Head(head, frozenset(code for code in list_codes(head) if newest[code] is head))
        for head in heads
    ]
    return [head for head in left if head.codes or head.message is heads[-1]]


def list_parts(head: Head, at: datetime, key: str) -> list[Part]:
    """Each info's, at a time; of a cancellation without any, none."""
    return [_judge(info, head.message, at, key) for info in head.message.infos]


def _judge(info: Info, message: Message, at: datetime, key: str) -> Part:
    starts_at = info.onset_at or info.effective_at or message.sent_at
    ends_at = info.ends_at or info.expires_at
    because = find_announced_end(info, message, key)
    if because is None:
        because = _find_end_by_time(message, starts_at, ends_at, at)
    return Part(info, message, starts_at, ends_at, because)


def find_announced_end(info: Info, message: Message, key: str) -> Ending | None:
    """How a message says that it is over."""
    actions = {vtec.action for vtec in list_vtec(message) if vtec.key == key}
    if UPGRADED in actions or message.replaced_by:
        return Ending.SUPERSEDED
    if message.message_type == CANCEL or CANCELLED in actions:
        return Ending.CANCELLED
    if ALL_CLEAR in info.response_types or is_green(info):
        return Ending.CANCELLED
    if info.urgency is Urgency.PAST:
        is_first = message.message_type == "Alert" and EXPIRING not in actions
        return Ending.EXPIRED if is_first else Ending.CANCELLED
    return None


def _find_end_by_time(
    message: Message, starts_at: datetime, ends_at: datetime | None, at: datetime
) -> Ending | None:
    if ends_at is not None:
        return Ending.EXPIRED if ends_at <= at else None
    return Ending.UNKNOWN if at >= _find_limit(message, starts_at) else None


def _find_limit(message: Message, starts_at: datetime) -> datetime:
    return max(starts_at, message.sent_at) + LONGEST_WITHOUT_END
