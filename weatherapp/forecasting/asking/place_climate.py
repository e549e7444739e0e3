"""The totals that a place's climate is measured from: counted once a day, not once an hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from weatherapp.domain.spans import HOUR, Span
from weatherapp.domain.time_limit import never
from weatherapp.forecasting.asking.climate import (
    CLIMATE_HOURS,
    LOOK_BACK_HOURS,
    RECORD_HOURS,
    Totals,
    advance,
    count_totals,
)
from weatherapp.forecasting.asking.record import Record, read_records
from weatherapp.models import Place, PlaceClimate, PlacePass
from weatherapp.models.place_pass import nobody

SETTLING = timedelta(hours=24)  # so far back a fetch may still mend
# Readings are kept for longer than these and the record before them.
LASTS = timedelta(days=4)
REPAIRED_EVERY = timedelta(days=1)
REPAIRED_TOGETHER = 10  # places; a part of a second
TOTALS = len(count_totals([]))

Counted = tuple[datetime, Totals]  # until when


@dataclass(frozen=True, slots=True)
class PlaceHour:
    """An hour at whose end a place's window ends; both times are by the place's clock."""

    place: Place
    at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Present:
    """The newest hours, at least a window's, and the totals of CLIMATE_HOURS."""

    newest: Record
    totals: Totals


def read_present(hours: Sequence[PlaceHour]) -> list[Present]:
    """Of each, both until its hour; a few queries where their totals are counted already."""
    stored = _find(hours)
    counted = [stored.get(hour) or count(hour.place, hour.at, now=hour.now) for hour in hours]
    spans = [
        (hour.place, span)
        for hour, (until_at, _) in zip(hours, counted, strict=True)
        for span in _list_moved(until_at, hour.at)
    ]
    records = read_records(spans)
    return [
        _move(totals, entered, left)
        for (_, totals), entered, left in zip(counted, records[::2], records[1::2], strict=True)
    ]


def _list_moved(until_at: datetime, end_at: datetime) -> tuple[Span, Span]:
    """The hours that came since the totals were counted, and those that are too old by now; each
    with what spans of theirs begin in.
    """
    oldest_at = until_at - (RECORD_HOURS - 1) * HOUR
    return (
        Span(until_at - (LOOK_BACK_HOURS - 1) * HOUR, end_at),
        Span(oldest_at, end_at - CLIMATE_HOURS * HOUR),
    )


def _move(totals: Totals, entered: Record, left: Record) -> Present:
    moved = advance(totals, entered=count_totals(entered), left=count_totals(left))
    return Present(entered, moved)


def count(place: Place, end_at: datetime, *, now: datetime) -> Counted:
    """Until when, and the totals: of all hours, RECORD_HOURS rows. Stored for the next time."""
    until_at = end_at - SETTLING
    with transaction.atomic():
        # Who writes readings holds the row, too: what is stored here is of what is stored there.
        is_here = Place.objects.hold_unmoved(place)
        (record,) = read_records([(place, Span(until_at - (RECORD_HOURS - 1) * HOUR, until_at))])
        totals = count_totals(record)
        if is_here:
            PlaceClimate.objects.update_or_create(
                place=place,
                defaults={"until_at": until_at, "totals": totals, "counted_at": now},
            )
    return until_at, totals


def repair(
    *,
    now: datetime,
    is_time_up: Callable[[], bool] = never,
    ask_help: Callable[[], None] = nobody,
) -> int:
    """Count all places anew, once a day; what does not fit the time the next call goes on with.

    How many it were. `now` is real time. Nothing should be found: it bounds how long a mistake
    would last, and keeps the hours to be added since few.
    """
    parts = PlacePass.objects.take_parts(
        "repair_climates",
        every=REPAIRED_EVERY,
        limit=REPAIRED_TOGETHER,
        now=now,
        is_time_up=is_time_up,
        ask_help=ask_help,
    )
    return sum(_repair_part(part.place_ids, now=now) for part in parts)


def _repair_part(place_ids: Sequence[int], *, now: datetime) -> int:
    """Without those that were counted a while ago for another reason."""
    old = PlaceClimate.objects.filter(counted_at__lte=now - REPAIRED_EVERY / 2)
    rows = old.filter(place__in=place_ids, place__is_active=True).order_by("place_id")
    for row in (known := list(rows.select_related("place"))):
        _repair(row, now=now)
    return len(known)


def _repair(row: PlaceClimate, *, now: datetime) -> None:
    end_at = find_newest_hour(row.place, now=row.place.clock(now))
    if end_at is None:
        row.delete()
    else:
        count(row.place, end_at, now=now)


def find_newest_hour(place: Place, *, now: datetime) -> datetime | None:
    """Of its readings up to `now`, by the place's clock."""
    newest = place.readings.filter(observed_at__lte=now).order_by("-observed_at")
    return newest.values_list("observed_at", flat=True).first()


def _find(hours: Sequence[PlaceHour]) -> dict[PlaceHour, Counted]:
    """Without those that have none yet, or whose are too old, of the future or unreadable."""
    rows = PlaceClimate.objects.filter(place__in={hour.place.pk for hour in hours})
    by_place = {row.place_id: row for row in rows.order_by()}
    found = {hour: row for hour in hours if (row := by_place.get(hour.place.pk))}
    return {
        hour: (row.until_at, totals)
        for hour, row in found.items()
        if hour.now - LASTS <= row.until_at < hour.at and len(totals := row.read_totals()) == TOTALS
    }
