"""Messages, in any order and with any of them missing, to the events that they tell of. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from weatherapp.domain.cap import Severity
from weatherapp.official.documents.message import Area, Dropped, Message
from weatherapp.official.events.event import Ending, Event, Folded, Phase
from weatherapp.official.events.grouping import Group, group, list_references
from weatherapp.official.events.sorting import is_green, keep_public
from weatherapp.official.events.standing import (
    CLOCKS_DIFFER,
    Head,
    Part,
    find_heads,
    list_parts,
)


def fold(
    messages: Iterable[Message], at: datetime, *, present: Collection[str] | None = None
) -> Folded:
    """The events as they stand at `at`.

    `present`: the identifiers in a complete and good answer of the source. What stood, and is not
    among them, was withdrawn. None where the answer was not complete: then absence says nothing.
    """
    kept, dropped = keep_public(messages)
    events = []
    for found in group(kept):
        if _is_no_warning(found):
            reason = "green: no warning"
            dropped += [Dropped(message.identifier, reason) for message in found.messages]
        else:
            events.append(_build_event(found, at, present))
    return Folded(tuple(events), tuple(dropped))


def _is_no_warning(found: Group) -> bool:
    """Green, and never anything else: a green message that ends a warning belongs to that one."""
    return all(
        message.infos
        and all(is_green(info) for info in message.infos)
        and not list_references(message)
        for message in found.messages
    )


def _build_event(found: Group, at: datetime, present: Collection[str] | None) -> Event:
    heads = find_heads(found.messages, at, found.key)
    parts = [part for head in heads for part in list_parts(head, at, found.key)]
    phase, because = _find_phase(parts, heads, at)
    is_absent = present is not None and not any(
        head.message.identifier in present for head in heads
    )
    if phase is not Phase.ENDED and is_absent:
        phase, because = Phase.ENDED, Ending.WITHDRAWN
    # Of an event that goes on, what is over already says nothing any more; of one that ended all
    # that it was, also where it was cancelled in few words.
    told = [part for part in parts if part.because is None] or parts
    told = told or _list_last_parts(found.messages, at, found.key)
    areas = [area for part in told for area in part.info.areas]
    said = [part.ends_at for part in told]
    return Event(
        key=found.key,
        identifiers=tuple(message.identifier for message in found.messages),
        phase=phase,
        ended_because=because,
        severity=max(
            (part.info.severity for part in told),
            key=lambda one: one.rank,
            default=Severity.UNKNOWN,
        ),
        onset_at=min((part.starts_at for part in told), default=found.messages[0].sent_at),
        expires_at=max((end for end in said if end), default=None) if all(said) else None,
        messages=tuple(head.message for head in heads),
        has_geometry=any(area.has_geometry for area in areas),
        codes=_list_codes(told, heads),
        languages=_list_languages(told),
        # A cancellation in few words need not name its issuer again.
        issuer=(told[-1] if told else heads[-1]).message.issuer,
        unresolved=_list_unresolved(areas),
        infos=tuple(part.info for part in told),
        next_at=None if phase is Phase.ENDED else _find_next(parts),
    )


def _find_phase(
    parts: Sequence[Part], heads: Sequence[Head], at: datetime
) -> tuple[Phase, Ending | None]:
    alive = [part for part in parts if part.because is None]
    if any(_has_begun(part, at) for part in alive):
        return Phase.IN_FORCE, None
    if alive:
        return Phase.FUTURE, None
    # The newest message has the last word; without an info it is a cancellation.
    newest = heads[-1].message
    last = [part.because for part in parts if part.message is newest]
    return Phase.ENDED, last[0] if last else Ending.CANCELLED


def _find_next(parts: Sequence[Part]) -> datetime | None:
    """When the next of them is over."""
    ends = [part.over_at for part in parts if part.because is None]
    return min(ends, default=None)


def _has_begun(part: Part, at: datetime) -> bool:
    return part.starts_at <= at and part.message.sent_at <= at + CLOCKS_DIFFER


def _list_last_parts(messages: Sequence[Message], at: datetime, key: str) -> list[Part]:
    """Of the newest message that says anything."""
    for message in reversed(messages):
        if message.infos:
            return list_parts(Head(message, frozenset()), at, key)
    return []


def _list_codes(parts: Sequence[Part], heads: Sequence[Head]) -> frozenset[tuple[str, str]]:
    """Only those that no newer message of the event took over."""
    left = {head.message.identifier: head.codes for head in heads}
    return frozenset(
        code
        for part in parts
        for area in part.info.areas
        for code in area.geocodes
        if code in left.get(part.message.identifier, area.geocodes)
    )


def _list_languages(parts: Sequence[Part]) -> tuple[str, ...]:
    # CAP's default, where nothing is said; but an entry of a feed does not say all.
    languages = (
        part.info.language or ("" if part.message.is_summary else "en-US") for part in parts
    )
    return tuple(dict.fromkeys(filter(None, languages)))


def _list_unresolved(areas: Iterable[Area]) -> tuple[str, ...]:
    nowhere = [area for area in areas if not (area.has_geometry or area.geocodes)]
    return tuple(dict.fromkeys(area.description for area in nowhere))
