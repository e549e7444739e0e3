"""Events of all sources to warnings, and what changed of these to rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from weatherapp.models import (
    OfficialChange,
    OfficialEvent,
    OfficialPlace,
    OfficialReason,
    OfficialWarning,
)
from weatherapp.official.changes import TOLD, find_change
from weatherapp.official.same import TIMES_DIFFER, View, combine, is_same
from weatherapp.official.storing.many_rows import rewrite
from weatherapp.official.storing.messages import chunk

TOGETHER = 200
WRITTEN = [
    "hazard",
    "severity",
    "onset_at",
    "ends_at",
    "told_ends_at",
    "ended_at",
    "ended_because",
    "changed_at",
]


def make_warnings(events: Sequence[OfficialEvent], *, now: datetime) -> None:
    """For events without a row: each begins as a warning of its own."""
    warnings = [
        OfficialWarning(
            hazard=event.hazard,
            severity=event.severity,
            onset_at=event.onset_at,
            ends_at=event.ends_at,
            told_ends_at=event.ends_at,  # its first change is about to tell it
            created_at=now,
            changed_at=now,
        )
        for event in events
    ]
    for event, warning in zip(events, OfficialWarning.objects.bulk_create(warnings), strict=True):
        event.warning = warning


def join_same(events: Sequence[OfficialEvent], *, now: datetime) -> None:
    """New events, placed by now, go to the warning of another source that tells of the same."""
    if not events:
        return
    others = _list_others(events, now)
    if not others:
        return
    places = _read_places([*events, *others])
    left = []
    for event in events:
        for other in others:
            if other.source_id != event.source_id and is_same(
                event, other, places[event.pk], places[other.pk]
            ):
                left.append(event.warning_id)
                event.warning_id = other.warning_id
                break
    if left:
        OfficialEvent.objects.bulk_update(events, ["warning"])
        OfficialWarning.objects.filter(pk__in=left).delete()


def _list_others(events: Sequence[OfficialEvent], now: datetime) -> list[OfficialEvent]:
    """Of other sources, about as early as any of these; without what they say."""
    earliest = min(event.onset_at for event in events) - TIMES_DIFFER
    latest = max(event.onset_at for event in events) + TIMES_DIFFER
    rows = OfficialEvent.objects.open(now).exclude(source__in={one.source_id for one in events})
    rows = rows.filter(onset_at__gte=earliest, onset_at__lte=latest)
    return list(rows.defer("texts", "area", "areas", "codes", "unresolved").order_by("pk"))


def _read_places(events: Sequence[OfficialEvent]) -> Mapping[int, set[int]]:
    places: defaultdict[int, set[int]] = defaultdict(set)
    for together in chunk((event.pk for event in events), TOGETHER):
        rows = OfficialPlace.objects.filter(event__in=together).order_by()
        for event_id, place_id in rows.values_list("event_id", "place_id"):
            places[event_id].add(place_id)
    return places


def update_warnings(
    warning_ids: Collection[int],
    *,
    new_ids: Collection[int],
    come: Mapping[int, set[int]],
    is_silent: bool,
    now: datetime,
) -> list[int]:
    """What their events come to, and a row for each change; ids of those that are not silent.

    `new_ids`: warnings that nobody has heard of yet. `come`: by event the places that are new to it.
    """
    changes: list[OfficialChange] = []
    for together in chunk(sorted(warning_ids), TOGETHER):
        warnings = OfficialWarning.objects.in_bulk(together)
        events: defaultdict[int, list[OfficialEvent]] = defaultdict(list)
        rows = OfficialEvent.objects.filter(warning__in=together).order_by("pk")
        for event in rows.defer("texts", "area", "areas", "codes", "unresolved"):
            events[event.warning_id].append(event)
        before = {pk: _list_values(warning) for pk, warning in warnings.items()}
        for pk, warning in warnings.items():
            reasons = _update(warning, events[pk], come, is_new=pk in new_ids, now=now)
            changes += [_make_change(warning, reason, is_silent, now) for reason in reasons]
        rewrite([row for row in warnings.values() if _list_values(row) != before[row.pk]], WRITTEN)
    OfficialChange.objects.bulk_create(changes, batch_size=TOGETHER)
    return [change.pk for change in changes if not change.is_silent]


def _update(
    warning: OfficialWarning,
    events: Sequence[OfficialEvent],
    come: Mapping[int, set[int]],
    *,
    is_new: bool,
    now: datetime,
) -> list[OfficialReason]:
    before = None if is_new else _read(warning)
    after = combine(events)
    told = find_change(before, after, told_ends_at=warning.told_ends_at)
    reasons = [told] if told else []
    is_known = before is not None and before.ended_at is None and after.ended_at is None
    if is_known and _has_spread(events, come):
        reasons.append(OfficialReason.SPREAD)
    if before != after:
        warning.changed_at = now
    warning.hazard, warning.severity = after.hazard, after.severity
    warning.onset_at, warning.ends_at = after.onset_at, after.ends_at
    warning.ended_at, warning.ended_because = after.ended_at, after.ended_because
    if reasons:
        warning.told_ends_at = after.ends_at
    return reasons


def _list_values(warning: OfficialWarning) -> list[object]:
    return [getattr(warning, name) for name in WRITTEN]


def _read(warning: OfficialWarning) -> View:
    return View(
        warning.hazard,
        warning.severity,
        warning.onset_at,
        warning.ends_at,
        warning.ended_at,
        warning.ended_because,
    )


def _has_spread(events: Sequence[OfficialEvent], come: Mapping[int, set[int]]) -> bool:
    """To places that no other event of the warning was at before."""
    new: set[int] = set().union(*(come.get(event.pk, set()) for event in events))
    if not new:
        return False
    others = [event.pk for event in events if event.pk not in come]
    return not new <= set().union(*_read_places_of(others))


def _read_places_of(event_ids: Sequence[int]) -> list[set[int]]:
    rows = OfficialPlace.objects.filter(event__in=event_ids).values_list("place_id", flat=True)
    return [set(rows)] if event_ids else []


def _make_change(
    warning: OfficialWarning, reason: OfficialReason, is_silent: bool, now: datetime
) -> OfficialChange:
    return OfficialChange(
        warning=warning,
        reason=reason,
        severity=warning.severity,
        onset_at=warning.onset_at,
        ends_at=warning.ends_at,
        created_at=now,
        is_silent=is_silent,
        awaits_mails=not is_silent and reason in TOLD,
    )
