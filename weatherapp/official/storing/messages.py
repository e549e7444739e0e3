"""Keeps the messages of a body, each identifier once, and says which are new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar

from weatherapp.models import OfficialMessage, WarningSource
from weatherapp.models.official_message import NAME_AT_MOST
from weatherapp.official.documents.message import Dropped, Item, Link, Message
from weatherapp.official.documents.read import DAMAGED
from weatherapp.official.events.grouping import list_links
from weatherapp.official.events.packing import pack_message
from weatherapp.official.events.sorting import find_reason, is_newer

TOGETHER = 200  # messages in one statement
CHANGED = ["sent_at", "is_summary", "address", "links", "packed", "stored_at", "seen_at"]

Thing = TypeVar("Thing")


@dataclass(slots=True)
class Kept:
    """Of one body. `changed` are ids of the messages that are new or say something else by now."""

    changed: list[int] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    dropped: int = 0
    is_complete: bool = True


def keep_messages(
    source: WarningSource, items: Iterable[Item], *, address: str, now: datetime
) -> Kept:
    """`address` is the document's; "" of what stood in the feed itself.

    Those that are not for the public are not kept. Whatever `items` raises passes through.
    """
    kept = Kept()
    for messages in chunk(_sort(items, kept), TOGETHER):
        # A body may hold an identifier twice.
        by_name: dict[str, Message] = {}
        for message in messages:
            name = message.identifier
            if is_newer(message, by_name.get(name)):
                by_name[name] = message
        _store(source, list(by_name.values()), address, now, kept)
    return kept


def chunk(things: Iterable[Thing], size: int) -> Iterator[Sequence[Thing]]:
    """One list after the other, each of `size` and the last shorter."""
    left = iter(things)
    while together := list(islice(left, size)):
        yield together


def _sort(items: Iterable[Item], kept: Kept) -> Iterator[Message]:
    for item in items:
        if isinstance(item, Link):
            kept.links.append(item)
        elif isinstance(item, Dropped):
            kept.dropped += 1
            kept.is_complete = kept.is_complete and not item.reason.startswith(DAMAGED)
        elif find_reason(item) or len(item.identifier) > NAME_AT_MOST:
            kept.dropped += 1
        else:
            yield item


def _store(
    source: WarningSource, messages: Sequence[Message], address: str, now: datetime, kept: Kept
) -> None:
    known = {
        row.identifier: row
        for row in source.messages.filter(identifier__in=[one.identifier for one in messages])
    }
    new, changed, same = [], [], []
    for message in messages:
        row = known.get(message.identifier)
        packed = pack_message(message)
        if row is None:
            row = OfficialMessage(source=source, identifier=message.identifier)
            new.append(row)
        elif _says_more(message, packed, row):
            changed.append(row)
        else:
            same.append(row)
            continue
        _fill(row, message, packed, address, now)
    OfficialMessage.objects.bulk_create(new)
    OfficialMessage.objects.bulk_update(changed, CHANGED)
    ids = [row.pk for row in same]
    OfficialMessage.objects.filter(pk__in=ids).update(seen_at=now)
    _move(same, address)
    kept.changed += [row.pk for row in (*new, *changed)]
    kept.seen += [row.pk for row in (*new, *changed, *same)]


def _fill(
    row: OfficialMessage, message: Message, packed: bytes, address: str, now: datetime
) -> None:
    row.sent_at, row.is_summary = message.sent_at, message.is_summary
    row.links, row.packed = list_links(message), packed
    row.address, row.stored_at, row.seen_at = address, now, now


def _move(rows: Sequence[OfficialMessage], address: str) -> None:
    """Of a document of its own: it is there as long as the feed names that one."""
    if address:
        moved = [row.pk for row in rows if row.address != address]
        OfficialMessage.objects.filter(pk__in=moved).update(address=address)


def _says_more(message: Message, packed: bytes, row: OfficialMessage) -> bool:
    """As is_newer(), of what is stored; the same time may also say something else."""
    if message.is_summary != row.is_summary and message.sent_at == row.sent_at:
        return row.is_summary
    if message.sent_at == row.sent_at:
        return bytes(row.packed) != packed
    return message.sent_at > row.sent_at
