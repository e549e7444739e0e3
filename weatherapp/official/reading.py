"""Which official warnings readers are shown, and whether anybody warns at a place at all.

Light: without the readers of documents and the network client, so that pages may use it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONArray

from weatherapp.domain.cap import Severity
from weatherapp.models import OfficialEvent, OfficialPlace, OfficialWarning, Place, WarningSource


@dataclass(frozen=True, slots=True)
class Standing:
    """A warning that is in force or to come; `events` are those that are not over, gravest first."""

    warning: OfficialWarning
    events: tuple[OfficialEvent, ...]

    @property
    def event(self) -> OfficialEvent:
        """Which speaks for all."""
        return self.events[0]

    @property
    def severity(self) -> Severity:
        return Severity(self.event.severity)

    def is_in_force(self, now: datetime) -> bool:
        return min(event.onset_at for event in self.events) <= now


@dataclass(frozen=True, slots=True)
class AtPlaces:
    """A warning and at how many active places it stands; `place_name` is of the first by name.

    `time_zone` is one of the places', that of the place where there is only one.
    """

    standing: Standing
    places_count: int
    place_name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Everywhere:
    """The gravest first, then the earliest; `count` is of all, also of those not listed."""

    listed: tuple[AtPlaces, ...] = ()
    count: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.listed)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The sources that are asked about a place. Without any, no warning means nothing at all."""

    sources: tuple[WarningSource, ...]
    silent: tuple[WarningSource, ...]  # of them: what they say may have changed since

    @property
    def is_none(self) -> bool:
        return not self.sources

    @property
    def is_silent(self) -> bool:
        """Nobody of them is heard."""
        return bool(self.sources) and len(self.silent) == len(self.sources)


def list_at_places(place_ids: Collection[int], now: datetime) -> Mapping[int, Sequence[Standing]]:
    """By place what stands there, the gravest first, then the earliest. One query."""
    rows = (
        OfficialEvent.objects.open(now)
        .filter(places__place__in=place_ids, warning__ended_at=None)
        .select_related("warning", "source")
        .annotate(place_id=F("places__place"))
        .defer("area", "codes", "identifiers")
        .order_by("pk")
    )
    found: defaultdict[int, defaultdict[int, list[OfficialEvent]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for event in rows:
        found[event.place_id][event.warning_id].append(event)
    return {place_id: _sort(events.values()) for place_id, events in found.items()}


def list_at_place(place_id: int, now: datetime) -> Sequence[Standing]:
    """What stands there, the gravest first, then the earliest. One query."""
    return list_at_places([place_id], now).get(place_id, ())


def read_warning(warning: OfficialWarning) -> Standing:
    """With all that its sources told, also where it is over."""
    rows = warning.events.select_related("source").defer("codes").order_by("pk")
    events = list(rows)
    alive = [event for event in events if event.ended_at is None]
    return Standing(warning, tuple(_by_gravity(alive or events)))


def list_everywhere(now: datetime, *, limit: int) -> Everywhere:
    """What stands at any active place. One query, which looks at each warning, not at each place."""
    standing = _standing_somewhere(now)
    first = standing.order_by(_rank("severity").desc(), "onset_at", "pk").values("pk")[:limit]
    there = OfficialPlace.objects.filter(
        event__warning=OuterRef("warning"), event__ended_at=None, place__is_active=True
    )
    places = there.order_by().values("event__warning")
    # Together, so that places are looked at once.
    of_places = JSONArray(
        Count("place", distinct=True), Min("place__name"), Min("place__time_zone")
    )
    rows = (
        OfficialEvent.objects.open(now)
        .filter(warning__in=Subquery(first))
        .select_related("warning", "source")
        .defer("area", "codes", "identifiers")
        .annotate(
            total=Subquery(_count(standing)),
            of_places=Subquery(places.annotate(found=of_places).values("found")),
        )
        .order_by("pk")
    )
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for event in rows:
        found[event.warning_id].append(event)
    # The same of all events of a warning.
    listed = [AtPlaces(one, *found[one.warning.pk][0].of_places) for one in _sort(found.values())]
    return Everywhere(tuple(listed), rows[0].total if listed else 0)


def _standing_somewhere(now: datetime) -> QuerySet[OfficialWarning]:
    there = OfficialPlace.objects.filter(
        event__warning=OuterRef("pk"), event__ended_at=None, place__is_active=True
    )
    return OfficialWarning.objects.open(now).filter(Exists(there)).order_by()


def _count(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    counted: QuerySet[Any, Any] = rows.annotate(one=Value(1)).values("one").annotate(n=Count("pk"))
    return counted.values("n")


def _rank(field: str) -> Case:
    whens = [When(**{field: level.value}, then=Value(level.rank)) for level in Severity]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def find_coverage(place: Place, sources: Iterable[WarningSource], now: datetime) -> Coverage:
    """By the place's country; `sources` are all that are on. A source without countries is the
    world's."""
    its = tuple(
        source
        for source in sources
        if not source.countries or (place.country and place.country in source.countries.split())
    )
    return Coverage(its, tuple(source for source in its if is_silent(source, now)))


def is_silent(source: WarningSource, now: datetime) -> bool:
    """Whether its last good answer is so old that what it says may have changed."""
    age = source.age(now)
    return age is None or age > source.longest_silence


def _sort(warnings: Iterable[Sequence[OfficialEvent]]) -> list[Standing]:
    standing = [Standing(events[0].warning, tuple(_by_gravity(events))) for events in warnings]
    return sorted(standing, key=lambda one: (-one.severity.rank, one.event.onset_at))


def _by_gravity(events: Sequence[OfficialEvent]) -> list[OfficialEvent]:
    return sorted(events, key=lambda event: -Severity(event.severity).rank)
