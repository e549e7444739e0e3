"""How many places have no data, by kind: of all of them, not of those that a page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q

from weatherapp.alerting.engine.facts import FRESH
from weatherapp.domain.conditions import Basis
from weatherapp.models import Place, Prediction, Reading, SourceForecast
from weatherapp.pages.replay import Clocks, is_replay_source

MakeFresh = Callable[[datetime, timedelta], Exists]
NO_LONGER = timedelta(0)


@dataclass(frozen=True, slots=True)
class Silence:
    """Numbers of places; a replay has no forecast, and is not counted as without one."""

    measured: int
    forecast: int
    probability: int

    def __bool__(self) -> bool:
        return bool(self.measured or self.forecast or self.probability)


def read_silence(clocks: Clocks) -> Silence:
    """Two queries, however many places there are."""
    paces, now = _list_paces(), clocks.now
    scene_now = clocks.scene.time_at(now) if clocks.scene else now
    counts = Place.objects.active().aggregate(
        measured=Count(
            "pk",
            filter=_live_without(_measured, paces, now) | _replay_without(_measured, scene_now),
        ),
        forecast=Count("pk", filter=_live_without(_forecast, paces, now)),
        probability=Count(
            "pk",
            filter=_live_without(_predicted, paces, now) | _replay_without(_predicted, scene_now),
        ),
    )
    return Silence(**counts)


def _list_paces() -> Mapping[int, timedelta]:
    """How often places are fetched, in hours, and how much longer their facts are believed then."""
    paces = Place.objects.order_by().values_list("refresh_hours", flat=True).distinct()
    return {hours: Place(refresh_hours=hours).fresh_longer for hours in paces}


def _live_without(make_fresh: MakeFresh, paces: Mapping[int, timedelta], now: datetime) -> Q:
    late = (Q(refresh_hours=hours) & ~make_fresh(now, longer) for hours, longer in paces.items())
    return ~is_replay_source() & reduce(or_, late, Q(pk__in=()))


def _replay_without(make_fresh: MakeFresh, scene_now: datetime) -> Q:
    return is_replay_source() & ~make_fresh(scene_now, NO_LONGER)


def _measured(now: datetime, longer: timedelta) -> Exists:
    since_at = now - FRESH[Basis.MEASURED] - longer
    rows = Reading.objects.filter(place=OuterRef("pk"), observed_at__range=(since_at, now))
    return Exists(rows)


def _forecast(now: datetime, longer: timedelta) -> Exists:
    since_at = now - FRESH[Basis.FORECAST] - longer
    rows = SourceForecast.objects.filter(place=OuterRef("pk"), hour_at__range=(since_at, now))
    return Exists(rows)


def _predicted(now: datetime, longer: timedelta) -> Exists:
    since_at = now - FRESH[Basis.PROBABILITY] - longer
    rows = Prediction.objects.filter(place=OuterRef("pk"), window_end_at__range=(since_at, now))
    return Exists(rows)
