"""How many places have no data, by kind: of all of them, not of those that a page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

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
    """A fixed number of queries, however many places there are."""
    replays = is_replay_source()
    live, replayed = Place.objects.active().exclude(replays), Place.objects.active().filter(replays)
    scene_now = clocks.scene.time_at(clocks.now) if clocks.scene else clocks.now
    paces = _list_paces()
    return Silence(
        measured=_count_live(live, paces, _measured, clocks.now)
        + _count(replayed, _measured(scene_now)),
        forecast=_count_live(live, paces, _forecast, clocks.now),
        probability=_count_live(live, paces, _predicted, clocks.now)
        + _count(replayed, _predicted(scene_now)),
    )


def _list_paces() -> Mapping[int, timedelta]:
    """How often places are fetched, in hours, and how much longer their facts are believed then."""
    paces = Place.objects.order_by().values_list("refresh_hours", flat=True).distinct()
    return {hours: Place(refresh_hours=hours).fresh_longer for hours in paces}


def _count_live(
    places: QuerySet[Place],
    paces: Mapping[int, timedelta],
    make_fresh: MakeFresh,
    now: datetime,
) -> int:
    """A query a pace, of which there are one to three."""
    return sum(
        _count(places.filter(refresh_hours=hours), make_fresh(now, longer))
        for hours, longer in paces.items()
    )


def _count(places: QuerySet[Place], fresh: Exists) -> int:
    return places.filter(~fresh).count()


def _measured(now: datetime, longer: timedelta = NO_LONGER) -> Exists:
    since_at = now - FRESH[Basis.MEASURED] - longer
    rows = Reading.objects.filter(place=OuterRef("pk"), observed_at__range=(since_at, now))
    return Exists(rows)


def _forecast(now: datetime, longer: timedelta = NO_LONGER) -> Exists:
    since_at = now - FRESH[Basis.FORECAST] - longer
    rows = SourceForecast.objects.filter(place=OuterRef("pk"), hour_at__range=(since_at, now))
    return Exists(rows)


def _predicted(now: datetime, longer: timedelta = NO_LONGER) -> Exists:
    since_at = now - FRESH[Basis.PROBABILITY] - longer
    rows = Prediction.objects.filter(place=OuterRef("pk"), window_end_at__range=(since_at, now))
    return Exists(rows)
