"""The authorities' warnings at the site's places, as rows for the feeds that hand them on.

They are never messages of the site's own: each keeps its issuer, its licence and the line that goes with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.models import OfficialEvent, OfficialPlace, OfficialWarning, WarningSource
from weatherapp.publishing.feed import MOST_ENTRIES, Filter, within

MOST_PLACES = 20  # of a warning; a country's may be at thousands


class There(NamedTuple):
    """A place that a warning is at; degrees."""

    pk: int
    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Handed:
    """A warning with what each of its sources tells, the gravest first, and where on this site it is."""

    warning: OfficialWarning
    events: Sequence[OfficialEvent]
    places: Sequence[There]  # MOST_PLACES at most, by name
    places_count: int

    @property
    def event(self) -> OfficialEvent:
        """Which speaks for all."""
        return self.events[0]


def read_warnings(wanted: Filter, *, now: datetime, with_areas: bool) -> list[Handed]:
    """Those that are not over at any place that is `wanted`, the gravest first. Four queries."""
    there = _list_there(wanted).filter(event__warning=OuterRef("pk"), event__ended_at=None)
    warnings = OfficialWarning.objects.open(now).filter(Exists(there))
    if wanted.severity is not None:
        enough = [level.value for level in LEVELS if level.rank >= wanted.severity.rank]
        warnings = warnings.filter(severity__in=enough)
    rows = sorted(
        warnings.order_by("onset_at", "pk"), key=lambda row: -Severity(row.severity).rank
    )[:MOST_ENTRIES]
    events = _read_events([row.pk for row in rows], now, with_areas)
    ids = [one.pk for some in events.values() for one in some]
    places, counts = _read_places(ids, wanted), _count_places(ids, wanted)
    return [
        Handed(row, events[row.pk], _pick(events[row.pk], places), counts[row.pk])
        for row in rows
        if row.pk in counts
    ]


def read_sources() -> list[WarningSource]:
    """All that are asked."""
    return list(WarningSource.objects.on().order_by("key"))


def _pick(
    events: Sequence[OfficialEvent], places: Mapping[int, Sequence[There]]
) -> Sequence[There]:
    there = {place for event in events for place in places.get(event.pk, ())}
    return sorted(there, key=lambda place: (place.name, place.pk))[:MOST_PLACES]


def _list_there(wanted: Filter) -> QuerySet[OfficialPlace]:
    rows = OfficialPlace.objects.filter(place__is_active=True)
    if wanted.place_id is not None:
        rows = rows.filter(place=wanted.place_id)
    if wanted.tag:
        rows = rows.filter(place__tags__name__iexact=wanted.tag)
    if wanted.box is not None:
        rows = rows.filter(within(wanted.box, "place__"))
    return rows


def _read_events(
    ids: Collection[int], now: datetime, with_areas: bool
) -> Mapping[int, Sequence[OfficialEvent]]:
    """By warning, those that are not over."""
    rows = OfficialEvent.objects.open(now).filter(warning__in=ids).select_related("source")
    rows = rows.defer("codes", "heads", *(() if with_areas else ("area",)))
    found: defaultdict[int, list[OfficialEvent]] = defaultdict(list)
    for event in rows.order_by("pk"):
        found[event.warning_id].append(event)
    return {pk: _by_gravity(events) for pk, events in found.items()}


def _by_gravity(events: Iterable[OfficialEvent]) -> list[OfficialEvent]:
    return sorted(events, key=lambda event: -Severity(event.severity).rank)


def _read_places(ids: Collection[int], wanted: Filter) -> Mapping[int, Sequence[There]]:
    """By event, MOST_PLACES at most of each: a heat wave's are all of a country's."""
    order = Window(RowNumber(), partition_by=F("event"), order_by=F("place").asc())
    rows = _list_there(wanted).filter(event__in=ids).annotate(order=order)
    found: defaultdict[int, list[There]] = defaultdict(list)
    for event_id, pk, name, latitude, longitude in rows.filter(order__lte=MOST_PLACES).values_list(
        "event", "place", "place__name", "place__latitude", "place__longitude"
    ):
        found[event_id].append(There(pk, name, latitude, longitude))
    return found


def _count_places(ids: Collection[int], wanted: Filter) -> Mapping[int, int]:
    """By warning."""
    rows = _list_there(wanted).filter(event__in=ids).order_by().values("event__warning")
    counted = rows.annotate(count=Count("place", distinct=True))
    return dict(counted.values_list("event__warning", "count"))
