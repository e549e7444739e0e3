"""The places in the home page's order, page by page: those with the worst alerts first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.models import Alert, AlertState, Place
from weatherapp.pages.replay import Clocks, is_replay_source

PLACES_A_PAGE = 20
LONGEST_SEARCH = 80
WORST_FIRST = tuple(reversed(LEVELS))
UNCONFIRMED = len(WORST_FIRST)  # is added to the rank, so that it comes after all that is confirmed

Kind = tuple[bool, Severity]  # whether data confirms it, how bad


@dataclass(frozen=True, slots=True)
class OpenAlerts:
    """Of the whole site: how many alerts of each kind, at how many places it is the worst of them.

    `place_ids` have any, the worst first.
    """

    alerts: Mapping[Kind, int]
    places: Mapping[Kind, int]
    place_ids: Sequence[int]

    def __bool__(self) -> bool:
        return bool(self.place_ids)


def read_open_alerts(clocks: Clocks) -> OpenAlerts:
    """One query; what it gives is a few rows for each place with alerts."""
    rows = (
        Alert.objects.open()
        .order_by()
        .annotate(rank=rank_alerts(clocks))
        .values_list("place", "rank")
        .annotate(count=Count("pk"), first_at=Min("onset_at"))
        .order_by("rank", "first_at", "place__name", "place")
    )
    alerts: dict[Kind, int] = {}
    places: dict[Kind, int] = {}
    place_ids: dict[int, None] = {}
    for place_id, rank, count, *_ in rows:
        kind = _read_kind(rank)
        alerts[kind] = alerts.get(kind, 0) + count
        if place_id not in place_ids:
            places[kind] = places.get(kind, 0) + 1
            place_ids[place_id] = None
    return OpenAlerts(alerts, places, tuple(place_ids))


def list_places(
    ids: Sequence[int],
    alerted: Sequence[int],
    *,
    page: str | None,
    search: str,
    first: Collection[int] = (),
) -> Page[int]:
    """Ids of places: of those in `first`, then of those with alerts, then of the others.

    `ids` are all watched places, and `alerted` those with alerts, each in its order. Searching
    costs a query.
    """
    has_alerts = set(alerted)
    listed = [*alerted, *(pk for pk in ids if pk not in has_alerts)]
    if search:
        found = set(Place.objects.filter(name__icontains=search).values_list("pk", flat=True))
        listed = [pk for pk in listed if pk in found]
    if first:
        chosen = set(first)
        listed.sort(key=lambda pk: pk not in chosen)  # stable: what is worst stays first
    return Paginator(listed, PLACES_A_PAGE).get_page(page)


def find_worst_alert(clocks: Clocks) -> QuerySet[Alert]:
    """The one that the headline names: of at most one row."""
    return (
        Alert.objects.open()
        .annotate(rank=rank_alerts(clocks))
        .order_by("rank", "onset_at", "place__name", "pk")[:1]
    )


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


def _read_kind(rank: int) -> Kind:
    return rank < UNCONFIRMED, WORST_FIRST[rank % UNCONFIRMED]
