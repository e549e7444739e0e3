"""The places in the home page's order, page by page: those with the worst alerts first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.models import Alert, AlertState, Place
from weatherapp.models.alert import OPEN_STATES, AlertQuerySet
from weatherapp.pages.replay import Clocks, is_replay_source

PLACES_A_PAGE = 20
LONGEST_SEARCH = 80
WORST_FIRST = tuple(reversed(LEVELS))
UNCONFIRMED = len(WORST_FIRST)  # is added to the rank, so that it comes after all that is confirmed


@dataclass(frozen=True)
class PlaceList(Sequence[Place]):
    """`worst` are the ids of places with open alerts, in order; the calm ones come after, by name."""

    worst: Sequence[int]
    calm: QuerySet[Place]

    @cached_property
    def _count(self) -> int:
        return len(self.worst) + self.calm.count()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, part: int) -> Place: ...
    @overload
    def __getitem__(self, part: slice) -> list[Place]: ...
    def __getitem__(self, part: int | slice) -> Place | list[Place]:
        if isinstance(part, int):
            return self[part : part + 1][0]
        ids, before = self.worst[part], len(self.worst)
        rows = Place.objects.in_bulk(ids) if ids else {}
        found = [rows[pk] for pk in ids if pk in rows]
        start, stop, _ = part.indices(len(self))
        if stop <= before:
            return found
        return found + list(self.calm[max(start - before, 0) : stop - before])


def list_places(clocks: Clocks, *, page: str | None, search: str) -> Page[Place]:
    """A few queries, however many places there are; alerts are looked through, not each place's."""
    wanted = Q(name__icontains=search) if search else Q()
    alerted = Alert.objects.open().values("place")
    calm = Place.objects.active().filter(wanted).exclude(pk__in=alerted).order_by("name", "pk")
    return Paginator(PlaceList(_list_worst(clocks, search), calm), PLACES_A_PAGE).get_page(page)


def _list_worst(clocks: Clocks, search: str) -> list[int]:
    rows = (
        Alert.objects.open()
        .filter(Q(place__name__icontains=search) if search else Q())
        .order_by()
        .values("place")
        .annotate(rank=Min(rank_alerts(clocks)), first_at=Min("onset_at"))
        .order_by("rank", "first_at", "place__name", "place")
    )
    return list(rows.values_list("place", flat=True))


def count_by_severity(clocks: Clocks) -> dict[tuple[bool, Severity], int]:
    """(whether it is confirmed, how bad) -> open alerts of the whole site."""
    rows = (
        Alert.objects.open()
        .order_by()
        .annotate(rank=rank_alerts(clocks))
        .values_list("rank")
        .annotate(count=Count("pk"))
    )
    return {(rank < UNCONFIRMED, WORST_FIRST[rank % UNCONFIRMED]): count for rank, count in rows}


def read_alerts_at(places: Sequence[Place]) -> AlertQuerySet:
    """The open ones, in no order."""
    return Alert.objects.filter(place__in=places, state__in=OPEN_STATES).select_related("rule")


def rank_alerts(clocks: Clocks) -> Combinable:
    """0 for the worst; what no data confirms, or is of a time that is over, after all others."""
    scene_now = clocks.scene.time_at(clocks.now) if clocks.scene else clocks.now
    replayed = is_replay_source("place__")
    confirmed = ~Q(state=AlertState.NO_DATA) & (
        Q(replayed, confirmed_until_at__gt=scene_now)
        | Q(~replayed, confirmed_until_at__gt=clocks.now)
    )
    severity = Case(
        *(When(severity=level, then=Value(rank)) for rank, level in enumerate(WORST_FIRST)),
        default=Value(len(WORST_FIRST) - 1),
        output_field=IntegerField(),
    )
    return severity + Case(When(confirmed, then=Value(0)), default=Value(UNCONFIRMED))
