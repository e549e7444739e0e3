"""The rows of events, as messages say them by now."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from weatherapp.domain.cap import Certainty, Urgency
from weatherapp.models import EndReason, OfficialEvent, OfficialMessage, WarningSource
from weatherapp.models.official_message import NAME_AT_MOST
from weatherapp.official.documents.message import Message
from weatherapp.official.events.event import Ending, Event, Phase
from weatherapp.official.events.fold import fold
from weatherapp.official.events.hazard import find_hazard
from weatherapp.official.events.packing import unpack_message
from weatherapp.official.storing.texts import (
    list_areas,
    list_codes,
    list_texts,
    list_uncoded,
    read_shape,
)

logger = logging.getLogger(__name__)

ISSUER_AT_MOST = 200
END_REASONS: Mapping[Ending, EndReason] = {ending: EndReason[ending.name] for ending in Ending}
UNREADABLE = (ValueError, KeyError, TypeError, zlib.error)


@dataclass(slots=True)
class Folded:
    """Events of one batch of messages: rows to be stored, and of which messages they are made."""

    new: list[OfficialEvent] = field(default_factory=list)
    known: list[OfficialEvent] = field(default_factory=list)
    message_ids: dict[str, list[int]] = field(default_factory=dict)  # by the event's key

    @property
    def rows(self) -> list[OfficialEvent]:
        return [*self.new, *self.known]


def fold_messages(
    source: WarningSource, sets: Iterable[Sequence[int]], *, seen: set[str] | None, now: datetime
) -> Folded:
    """Of each set of kin the events; nothing is written.

    What was over when it was first heard of makes no row. An event that was withdrawn stays so
    until one of its messages is in `seen`, or it has a new one.
    """
    folded = Folded()
    ids = [pk for kin in sets for pk in kin]
    rows = OfficialMessage.objects.in_bulk(ids)
    for kin in sets:
        messages = _read(rows[pk] for pk in kin if pk in rows)
        for event in fold(messages.values(), now).events:
            key = event.key[:NAME_AT_MOST]
            wanted = set(event.identifiers)
            folded.message_ids[key] = [
                pk for pk, message in messages.items() if message.identifier in wanted
            ]
            _place(folded, source, key, event, now)
    _find_known(folded, source, rows, seen, now)
    return folded


def _read(rows: Iterable[OfficialMessage]) -> dict[int, Message]:
    messages = {}
    for row in rows:
        try:
            messages[row.pk] = unpack_message(bytes(row.packed))
        except UNREADABLE as error:
            logger.warning("Message %s cannot be read again: %s", row.pk, type(error).__name__)
    return messages


def _place(folded: Folded, source: WarningSource, key: str, event: Event, now: datetime) -> None:
    row = OfficialEvent(source=source, key=key, created_at=now)
    _fill(row, event, now)
    folded.new.append(row)


def _find_known(
    folded: Folded,
    source: WarningSource,
    messages: Mapping[int, OfficialMessage],
    seen: set[str] | None,
    now: datetime,
) -> None:
    """Sort out which events have rows already: by the key, else by a message that was theirs."""
    keys = [row.key for row in folded.new]
    known = {row.key: row for row in source.events.filter(key__in=keys)}
    of_messages = {pk: row.event_id for pk, row in messages.items() if row.event_id}
    others = OfficialEvent.objects.in_bulk(
        set(of_messages.values()) - {row.pk for row in known.values()}
    )
    made, folded.new = folded.new, []
    for row in made:
        old = known.get(row.key)
        if old is None:
            before = (of_messages.get(pk) for pk in folded.message_ids[row.key])
            old = next((others.pop(pk) for pk in before if pk in others), None)
        if old is not None:
            if not _stays_withdrawn(old, row, seen):
                _take_over(old, row)
                folded.known.append(old)
        elif row.ended_at is None:
            folded.new.append(row)


def _stays_withdrawn(old: OfficialEvent, row: OfficialEvent, seen: set[str] | None) -> bool:
    is_withdrawn = old.ended_because in (EndReason.WITHDRAWN, EndReason.SOURCE_OFF)
    is_seen = seen is None or not seen.isdisjoint(row.heads)
    return is_withdrawn and old.heads == row.heads and not is_seen


def _fill(row: OfficialEvent, event: Event, now: datetime) -> None:
    infos = event.infos
    row.hazard = find_hazard(infos).value
    row.issuer = event.issuer[:ISSUER_AT_MOST]
    row.severity = event.severity.value
    row.certainty = infos[0].certainty.value if infos else Certainty.UNKNOWN.value
    row.urgency = infos[0].urgency.value if infos else Urgency.UNKNOWN.value
    row.sent_at = event.messages[-1].sent_at
    row.onset_at, row.ends_at = event.onset_at, event.expires_at
    row.ended_at, row.ended_because = None, ""
    if event.phase is Phase.ENDED and event.ended_because is not None:
        row.ended_because = END_REASONS[event.ended_because]
        has_run_out = event.ended_because is Ending.EXPIRED and event.expires_at is not None
        row.ended_at = event.expires_at if has_run_out else now
    row.refold_at = event.next_at
    row.identifiers = list(event.identifiers)
    row.heads = [message.identifier for message in event.messages]
    row.languages = list(event.languages)
    row.texts = list_texts(event)
    row.areas = list_areas(event)
    row.area, row.codes = read_shape(event), list_codes(event)
    row.unresolved = list_uncoded(event)
    row.changed_at = now


WRITTEN = [
    "key",
    "hazard",
    "issuer",
    "severity",
    "certainty",
    "urgency",
    "sent_at",
    "onset_at",
    "ends_at",
    "ended_at",
    "ended_because",
    "refold_at",
    "identifiers",
    "heads",
    "languages",
    "texts",
    "areas",
    "area",
    "codes",
    "unresolved",
    "changed_at",
]


def _take_over(old: OfficialEvent, row: OfficialEvent) -> None:
    """An end that was noted keeps its time."""
    ended_at = old.ended_at if row.ended_at and old.ended_at else row.ended_at
    for name in WRITTEN:
        setattr(old, name, getattr(row, name))
    old.ended_at = ended_at
