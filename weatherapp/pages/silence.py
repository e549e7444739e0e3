"""How many places have no data, by kind: of all of them, not of those that a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from weatherapp.alerting.engine.facts import FRESH
from weatherapp.domain.conditions import Basis
from weatherapp.models import Place, Prediction, Reading, SourceForecast
from weatherapp.pages.replay import Clocks, is_replay_source


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
    return Silence(
        measured=_count(live, _measured(clocks.now)) + _count(replayed, _measured(scene_now)),
        forecast=_count(live, _forecast(clocks.now)),
        probability=_count(live, _predicted(clocks.now)) + _count(replayed, _predicted(scene_now)),
    )


def _count(places: QuerySet[Place], fresh: Exists) -> int:
    return places.filter(~fresh).count()


def _measured(now: datetime) -> Exists:
    since_at = now - FRESH[Basis.MEASURED]
    rows = Reading.objects.filter(place=OuterRef("pk"), observed_at__range=(since_at, now))
    return Exists(rows)


def _forecast(now: datetime) -> Exists:
    since_at = now - FRESH[Basis.FORECAST]
    rows = SourceForecast.objects.filter(place=OuterRef("pk"), hour_at__range=(since_at, now))
    return Exists(rows)


def _predicted(now: datetime) -> Exists:
    since_at = now - FRESH[Basis.PROBABILITY]
    rows = Prediction.objects.filter(place=OuterRef("pk"), window_end_at__range=(since_at, now))
    return Exists(rows)
