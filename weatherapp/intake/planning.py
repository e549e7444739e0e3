"""Where the day's calls would not last: what is calm is fetched more rarely, what is not each hour."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from weatherapp.domain.spans import floor_hour
from weatherapp.intake.allowance import find_daily_calls, list_paced_places, read_pace
from weatherapp.intake.need import HOURLY, Need, Pace
from weatherapp.intake.schedule import MINUTE, find_next_turn_at
from weatherapp.models import Alert, Place, RuleState, Subscription

PLANNED = ("next_refresh_at", "refresh_hours", "is_needed_hourly")
HERE = OuterRef("pk")
IS_SUBSCRIBED = Exists(Subscription.objects.confirmed().filter(place=HERE))
IS_ALERTING = Exists(Alert.objects.open().filter(place=HERE)) | Exists(
    RuleState.objects.filter(place=HERE)
)


class FindNear(Protocol):
    """Of some places those at which a rule may speak up within `hours`."""

    def __call__(
        self, place_ids: Sequence[int], *, hours: int, now: datetime
    ) -> Collection[int]: ...


def plan_refreshes(place_ids: Sequence[int], *, find_near: FindNear, now: datetime) -> None:
    """Call it after the rules were applied. A few queries, whatever the number of places.

    Without a limit none, and one where the day's calls suffice: then all stay hourly, as they are
    stored. What is being fetched, or waits after a failure, has its time.
    """
    pace = read_pace()
    if pace == HOURLY:
        return
    near = set(find_near(place_ids, hours=pace.calm_hours, now=now))
    with transaction.atomic():
        places = list(_lock_plannable(place_ids, now))
        for place in places:
            need = Need(place.is_alerting, place.pk in near, place.is_subscribed)
            _plan(place, need, pace, now)
        Place.objects.bulk_update(places, PLANNED)


def hasten(*, now: datetime) -> int:
    """Who subscribes to a calm place finds it fetched; how many are due now. A query at most."""
    if find_daily_calls() is None:
        return 0
    calm = list_paced_places().filter(
        IS_SUBSCRIBED,
        refresh_hours__gt=1,
        is_needed_hourly=False,
        fetch_failures=0,
        next_refresh_at__gt=now,
        fetched_at__lt=floor_hour(now - MINUTE),  # each hour begins a minute late
    )
    return calm.update(next_refresh_at=now)


def _lock_plannable(place_ids: Sequence[int], now: datetime) -> Iterable[Any]:
    rows = list_paced_places().select_for_update().filter(pk__in=place_ids)
    return (
        rows.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))
        .filter(fetch_failures=0, fetched_at__isnull=False, next_refresh_at__isnull=False)
        .annotate(is_alerting=IS_ALERTING, is_subscribed=IS_SUBSCRIBED)
        .order_by("pk")
    )


def _plan(place: Any, need: Need, pace: Pace, now: datetime) -> None:
    hours = pace.needed_hours if need else pace.calm_hours
    turn_at = find_next_turn_at(place.fetched_at, hours=hours, place_id=place.pk, cell=place.cell)
    place.is_needed_hourly, place.refresh_hours = bool(need), hours
    place.next_refresh_at = max(turn_at, now)
