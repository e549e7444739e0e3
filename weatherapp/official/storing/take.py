"""The door between polling and the rows: a body that came, a poll that is whole, time that passes.

Each call is one transaction: a body that turns out to be broken leaves nothing of itself behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Min, Q

from weatherapp.models import (
    EndReason,
    OfficialEvent,
    OfficialMessage,
    OfficialPlace,
    PollProblem,
    SourceKind,
    WarningDocument,
    WarningSource,
)
from weatherapp.official.documents.errors import DocumentError
from weatherapp.official.documents.message import Item
from weatherapp.official.documents.read import read_items
from weatherapp.official.fetching import Body, PollError
from weatherapp.official.linked import Link, Taken
from weatherapp.official.storing.events import WRITTEN, fold_messages
from weatherapp.official.storing.kin import list_kin
from weatherapp.official.storing.many_rows import name_events, rewrite
from weatherapp.official.storing.messages import Kept, chunk, keep_messages
from weatherapp.official.storing.places import Positions, add_places, find_places, store_places
from weatherapp.official.storing.warnings import join_same, make_warnings, update_warnings

# Messages are read whole in batches of about so many sets of kin: memory stays flat.
SETS_TOGETHER = 100

# A feed of CAP may list only the newest; of the others absence means that it is over.
LISTS_ALL = (
    SourceKind.NWS,
    SourceKind.METEOALARM_ATOM,
    SourceKind.METEOALARM_JSON,
    SourceKind.DWD_ZIP,
)


def take(source: WarningSource, body: Body, now: datetime) -> Taken:
    """Store what a body says. Raises PollError (NOT_READ), and then nothing is stored."""
    is_feed = body.address == source.asked_address
    country = source.countries if len(source.countries) == 2 else ""
    items = read_items(body.file.read(), body.content_type, country=country)
    address = "" if is_feed else body.address
    try:
        kept = store_items(source, items, address=address, now=now)
    except DocumentError as error:
        raise PollError(PollProblem.NOT_READ, f"{type(error).__name__}: {error}") from error
    links = [
        Link(link.url, link.updated_at.isoformat() if link.updated_at else link.identifier)
        for link in kept.links
    ]
    return Taken(tuple(links) if is_feed else (), kept.is_complete)


def store_items(
    source: WarningSource, items: Iterable[Item], *, address: str = "", now: datetime
) -> Kept:
    """In one transaction. Raises DocumentError."""
    with transaction.atomic():
        _hold_sources()
        kept = keep_messages(source, items, address=address, now=now)
        if address:
            _forget_left(source, address, kept)
        again = _list_back(source, kept.seen)
        refold(source, {*kept.changed, *again}, seen_ids=kept.seen, now=now)
        count_in_force(source, now=now)
    return kept


def finish(source: WarningSource, began_at: datetime, now: datetime) -> None:
    """After a poll that was whole: what stands and was not among what came is withdrawn."""
    with transaction.atomic():
        _hold_sources()
        present = _list_present(source, began_at)
        rows = list(source.events.filter(ended_at=None).only("heads", "sent_at", "warning"))
        absent = [row for row in rows if present.isdisjoint(row.heads)]
        if source.kind not in LISTS_ALL and present:
            # Older than all that is listed: it may have been pushed out by newer ones.
            listed = source.messages.filter(identifier__in=present)
            oldest = listed.aggregate(at=Min("sent_at"))["at"]
            absent = [row for row in absent if row.sent_at >= oldest]
        end_events(absent, EndReason.WITHDRAWN, is_silent=False, now=now)
        count_in_force(source, now=now)


def refold_due(*, now: datetime, limit: int) -> int:
    """What time alone has changed: parts that are over, events that are. How many were looked at."""
    due = OfficialEvent.objects.filter(refold_at__lte=now).order_by("refold_at", "pk")[:limit]
    by_source: dict[int, list[int]] = {}
    for source_id, pk in due.values_list("source_id", "pk"):
        by_source.setdefault(source_id, []).append(pk)
    for source_id, ids in by_source.items():
        source = WarningSource.objects.get(pk=source_id)
        with transaction.atomic():
            _hold_sources()
            # Whatever they come to, they are not due again at once.
            OfficialEvent.objects.filter(pk__in=ids).update(refold_at=None)
            messages = OfficialMessage.objects.filter(event__in=ids)
            refold(source, set(messages.values_list("pk", flat=True)), seen_ids=None, now=now)
            count_in_force(source, now=now)
    return sum(map(len, by_source.values()))


def refold(
    source: WarningSource,
    message_ids: Collection[int],
    *,
    seen_ids: Collection[int] | None,
    now: datetime,
) -> list[int]:
    """The events of these messages, and of all their kin, anew; ids of changes to be told."""
    sets = list_kin(source, message_ids)
    if not sets:
        return []
    seen = None
    if seen_ids is not None:
        rows = OfficialMessage.objects.filter(pk__in=message_ids).filter(pk__in=seen_ids)
        seen = set(rows.values_list("identifier", flat=True))
    positions = Positions()
    changes: list[int] = []
    for together in chunk(sets, SETS_TOGETHER):
        changes += _refold(source, together, positions, seen, now)
    return changes


def _refold(
    source: WarningSource,
    sets: Sequence[Sequence[int]],
    positions: Positions,
    seen: set[str] | None,
    now: datetime,
) -> list[int]:
    folded = fold_messages(source, sets, seen=seen, now=now)
    make_warnings(folded.new, now=now)
    OfficialEvent.objects.bulk_create(folded.new)
    rewrite(folded.known, WRITTEN)
    name_events(
        (event.pk, message_id)
        for event in folded.rows
        for message_id in folded.message_ids[event.key]
    )
    alive = [event for event in folded.rows if event.ended_at is None]
    come = store_places(find_places(alive, positions), now=now)
    join_same(folded.new, now=now)
    return update_warnings(
        {event.warning_id for event in folded.rows},
        new_ids={event.warning_id for event in folded.new} - _list_known_warnings(folded.new),
        come=come,
        is_silent=source.succeeded_at is None,
        now=now,
    )


def _list_known_warnings(new: Sequence[OfficialEvent]) -> set[int]:
    """Those that other events were at before: somebody has heard of them."""
    rows = OfficialEvent.objects.filter(warning__in={event.warning_id for event in new})
    return set(
        rows.exclude(pk__in=[event.pk for event in new]).values_list("warning_id", flat=True)
    )


def end_events(
    events: Sequence[OfficialEvent], because: EndReason, *, is_silent: bool, now: datetime
) -> None:
    """Of one kind of end that no message told."""
    for together in chunk(events, SETS_TOGETHER):
        ids = [event.pk for event in together]
        OfficialEvent.objects.filter(pk__in=ids).update(
            ended_at=now, ended_because=because, refold_at=None, changed_at=now
        )
        update_warnings(
            {event.warning_id for event in together},
            new_ids=(),
            come={},
            is_silent=is_silent,
            now=now,
        )


def place_anew(place_ids: Collection[int], *, now: datetime) -> None:
    """Of places that are new or were moved: what stands there already, told to nobody."""
    positions = Positions(place_ids)
    events = OfficialEvent.objects.open(now).only("codes", "area").order_by("pk")
    OfficialPlace.objects.filter(place__in=place_ids, event__ended_at=None).delete()
    for together in chunk(events.iterator(chunk_size=SETS_TOGETHER), SETS_TOGETHER):
        found = find_places(together, positions, place_ids)
        add_places({event.pk: places for event, places in found}, now=now)


def count_in_force(source: WarningSource, *, now: datetime) -> None:
    """Beside the source's name; the row itself is held by the poll."""
    count = source.events.all()
    standing = Q(ended_at=None, onset_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))
    WarningSource.objects.filter(pk=source.pk).update(in_force=count.filter(standing).count())


def end_of_sources_off(*, now: datetime) -> int:
    """Nobody asks them any more: what they said is no longer known to hold. Told to nobody."""
    heard = WarningSource.objects.heard()
    rows = OfficialEvent.objects.filter(ended_at=None).exclude(source__in=heard)
    if not rows.exists():
        return 0
    with transaction.atomic():
        _hold_sources()
        left = list(rows.only("warning"))
        end_events(left, EndReason.SOURCE_OFF, is_silent=True, now=now)
    return len(left)


def _hold_sources() -> None:
    """One poll stores at a time: sources are compared with each other. On SQLite it is so anyway."""
    if connection.features.has_select_for_update:
        rows = WarningSource.objects.heard().order_by("pk")
        list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def _forget_left(source: WarningSource, address: str, kept: Kept) -> None:
    """A document holds another message by now: those that it had are no longer there."""
    rows = source.messages.filter(address=address).exclude(pk__in=kept.seen)
    rows.update(address="")


def _list_back(source: WarningSource, seen_ids: Sequence[int]) -> set[int]:
    """Messages of events that were given up and are there again."""
    rows = OfficialMessage.objects.filter(
        source=source,
        event__ended_because__in=[EndReason.WITHDRAWN, EndReason.SOURCE_OFF],
    )
    return set(rows.values_list("pk", flat=True)) & set(seen_ids)


def _list_present(source: WarningSource, began_at: datetime) -> set[str]:
    """Identifiers of all that the poll found, in the feed itself or in what it names."""
    listed = WarningDocument.objects.filter(source=source, listed_at__gte=began_at)
    there = Q(seen_at__gte=began_at) | Q(address__in=listed.values("address"))
    return set(source.messages.filter(there).values_list("identifier", flat=True))
