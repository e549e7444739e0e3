"""The places in the home page's order, page by page: those with the worst alerts first."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable

from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.models import Alert, AlertState, Place
from weatherapp.models.alert import OPEN_STATES, AlertQuerySet
from weatherapp.pages.replay import Clocks, is_replay_source

PLACES_A_PAGE = 20
LONGEST_SEARCH = 80
WORST_FIRST = tuple(reversed(LEVELS))
UNCONFIRMED = len(WORST_FIRST)  # is added to the rank, so that it comes after all that is confirmed


def list_places(clocks: Clocks, *, page: str | None, search: str) -> Page[Place]:
    """One query for the count and one for the rows, however many places and alerts there are."""
    worst = (
        Alert.objects.open()
        .filter(place=OuterRef("pk"))
        .order_by()
        .values("place")
        .annotate(rank=Min(rank_alerts(clocks)), first_at=Min("onset_at"))
    )
    places = Place.objects.filter(
        Q(is_active=True) | Q(pk__in=Alert.objects.open().values("place")),
        name__icontains=search,
    )
    ordered = places.annotate(
        rank=Subquery(worst.values("rank")), first_at=Subquery(worst.values("first_at"))
    ).order_by(F("rank").asc(nulls_last=True), F("first_at").asc(nulls_last=True), "name", "pk")
    return Paginator(ordered, PLACES_A_PAGE).get_page(page)


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
