"""How places stand in one word each: the worst open alert, or none, or no data to say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Min, Q

from weatherapp.alerting.engine.facts import FRESH
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Basis
from weatherapp.domain.spans import HOUR
from weatherapp.models import Alert, Place
from weatherapp.models.place import LONGEST_BELIEVED_HOURS
from weatherapp.pages.place_list import UNCONFIRMED, WORST_FIRST, rank_alerts
from weatherapp.pages.replay import Clocks

CALM_RANK = 2 * UNCONFIRMED  # after all alerts


class Standing(StrEnum):
    """Worst first."""

    EXTREME = "extreme"
    SEVERE = "severe"
    MODERATE = "moderate"
    MINOR = "minor"
    UNCONFIRMED = "unconfirmed"  # an alert that no data confirms
    NO_DATA = "no-data"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class StandingPlace:
    """A place in a list; `severity` is that of its worst alert."""

    place: Place
    standing: Standing
    severity: Severity | None = None
    alerts: int = 0
    km: float | None = None


def read_standings(
    places: Sequence[Place], clocks: Clocks, *, kms: Iterable[float] | None = None
) -> tuple[StandingPlace, ...]:
    """In their order; `kms` are their distances. One query."""
    ranks = _read_ranks(places, clocks)
    distances: Iterable[float | None] = kms if kms is not None else [None] * len(places)
    return tuple(
        _make(place, *ranks.get(place.pk, (CALM_RANK, 0)), km, clocks)
        for place, km in zip(places, distances, strict=True)
    )


def name_standing(rank: int, *, is_silent: bool) -> Standing:
    """`rank` as rank_alerts has it, CALM_RANK without any alert."""
    if rank < UNCONFIRMED:
        return Standing(WORST_FIRST[rank].lower())
    if rank < CALM_RANK:
        return Standing.UNCONFIRMED
    return Standing.NO_DATA if is_silent else Standing.CALM


def silent_places(clocks: Clocks) -> Q:
    """Those whose weather did not come in when it should have."""
    hourly_at = clocks.now - FRESH[Basis.MEASURED]
    rarely_at = hourly_at - (LONGEST_BELIEVED_HOURS - 1) * HOUR
    return (
        Q(fetched_at=None)
        | Q(refresh_hours=1, fetched_at__lt=hourly_at)
        | Q(refresh_hours__gt=1, fetched_at__lt=rarely_at)
    )


def _read_ranks(places: Sequence[Place], clocks: Clocks) -> dict[int, tuple[int, int]]:
    """Place id -> the rank of its worst open alert, and how many there are."""
    rows = (
        Alert.objects.open()
        .filter(place__in=places)
        .order_by()
        .values("place")
        .annotate(rank=Min(rank_alerts(clocks)), count=Count("pk"))
    )
    return {
        place: (rank, count) for place, rank, count in rows.values_list("place", "rank", "count")
    }


def _make(place: Place, rank: int, alerts: int, km: float | None, clocks: Clocks) -> StandingPlace:
    fresh_at = clocks.now - FRESH[Basis.MEASURED] - place.fresh_longer
    is_silent = place.fetched_at is None or place.fetched_at < fresh_at
    severity = WORST_FIRST[rank % UNCONFIRMED] if rank < CALM_RANK else None
    return StandingPlace(place, name_standing(rank, is_silent=is_silent), severity, alerts, km)
