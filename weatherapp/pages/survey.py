"""One look at every watched place: in which order the home page lists them, and where data lacks."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from threading import Lock
from time import monotonic
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import caches
from django.db.models import Case, DateTimeField, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from weatherapp.alerting.engine.facts import FRESH
from weatherapp.domain.conditions import Basis
from weatherapp.models import Place, Prediction, Reading, SourceForecast
from weatherapp.models.place import LONGEST_BELIEVED_HOURS
from weatherapp.pages.replay import (
    Clocks,
    Sources,
    is_replay_source,
    make_sources,
    other_than_replays,
)
from weatherapp.pages.words import CHANCES, RAIN_LIKELY, Chance, name_chance

LASTS = 5  # times as long as a page is shared
LONGEST_LATE_S = 60  # as old as it may be for those who do not wait for the next one
ORDER = {chance: rank for rank, (_, chance) in enumerate(CHANCES)} | {
    Chance.ALMOST_CERTAIN: len(CHANCES)
}
UNKNOWN_ORDER = -1


@dataclass(frozen=True, slots=True)
class Silence:
    """Numbers of places without fresh data; a replay has no forecast, and is not counted as without one."""

    measured: int
    forecast: int
    probability: int

    def __bool__(self) -> bool:
        return bool(self.measured or self.forecast or self.probability)


@dataclass(frozen=True, slots=True)
class Survey:
    """`ids` in the order of need: where rain is likelier first, then by name."""

    ids: Sequence[int]
    silence: Silence
    rain_likely: int  # places where it is, of those whose probability is known
    offsets: Sequence[timedelta]  # from UTC, each that a place has by its clock, once
    sources: Sources

    @property
    def rain_known(self) -> int:
        return len(self.ids) - self.silence.probability


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    time_zone: str
    source: str
    is_replay: bool
    is_measured: bool
    is_forecast: bool
    probability: float | None  # of rain within NEAR_HOURS; None: no fresh one
    is_mixed: bool  # whether any place of the site is about today

    @property
    def chance(self) -> Chance | None:
        return None if self.probability is None else name_chance(self.probability)


@dataclass(frozen=True, slots=True)
class _Kept:
    survey: Survey
    until_s: float  # by the monotonic clock; then somebody looks anew


looking_anew = Lock()


def share_survey(clocks: Clocks, *, mark: str) -> Survey:
    """It moves slowly: some seconds old is new enough. Another `mark`, other places.

    While one reader looks anew, the others are given what was seen last: with 10,000 places it
    takes a third of a second.
    """
    key, lasts_s = f"survey-{mark}", LASTS * settings.PAGES_SHARED_SECONDS
    kept = _find_survey(key)
    if kept is not None and (kept.until_s > monotonic() or looking_anew.locked()):
        return kept.survey
    with looking_anew:
        kept = _find_survey(key)  # somebody else may have looked while this one waited
        if kept is not None and kept.until_s > monotonic():
            return kept.survey
        survey = read_survey(clocks)
        kept = _Kept(survey, until_s=monotonic() + lasts_s)
        caches["lists"].set(key, kept, lasts_s and lasts_s + LONGEST_LATE_S)
        return survey


def _find_survey(key: str) -> _Kept | None:
    return cast("_Kept | None", caches["lists"].get(key))


def read_survey(clocks: Clocks) -> Survey:
    """One query, however many places there are; of each row only what is counted stays."""
    bands = {rank: array("q") for rank in (*reversed(ORDER.values()), UNKNOWN_ORDER)}
    measured = forecast = probability = rain_likely = 0
    is_mixed = False
    zones: dict[tuple[str, str, bool], None] = {}
    for row in _read_rows(clocks):
        is_mixed = row.is_mixed
        bands[ORDER[row.chance] if row.chance else UNKNOWN_ORDER].append(row.pk)
        measured += not row.is_measured
        forecast += not row.is_forecast and not row.is_replay
        probability += row.probability is None
        rain_likely += row.chance in RAIN_LIKELY
        zones.setdefault((row.source, row.time_zone, row.is_replay))
    return Survey(
        ids=array("q", chain.from_iterable(bands.values())),
        silence=Silence(measured, forecast, probability),
        rain_likely=rain_likely,
        offsets=_list_offsets({(zone, is_replay) for _, zone, is_replay in zones}, clocks),
        sources=make_sources(((source, zone) for source, zone, _ in zones), is_mixed=is_mixed),
    )


def _read_rows(clocks: Clocks) -> Iterable[_Row]:
    """By name."""
    replays, here = is_replay_source(), {"place": OuterRef("pk")}
    measured = Reading.objects.filter(**here, observed_at__range=_span(Basis.MEASURED))
    forecast = SourceForecast.objects.filter(**here, hour_at__range=_span(Basis.FORECAST))
    predicted: QuerySet[Any, Any] = (
        Prediction.objects.filter(**here, window_end_at__range=_span(Basis.PROBABILITY))
        .order_by("-window_end_at", "-pk")
        .annotate(shown=Coalesce("blended_any_6h", "calibrated_any_6h", "probability_any_6h"))
    )
    rows = (
        Place.objects.active()
        .alias(clock_at=clock_at(clocks))
        .alias(**{_since(basis): _believed_since(basis, clocks) for basis in FRESH})
        .order_by("name", "pk")
        .values_list(
            "pk",
            "time_zone",
            "source",
            Case(When(replays, then=Value(True)), default=Value(False)),
            Exists(measured),
            Exists(forecast),
            Subquery(predicted.values("shown")[:1]),
            Exists(other_than_replays()),
        )
    )
    return (_Row(*row) for row in rows.iterator())


def clock_at(clocks: Clocks) -> Combinable:
    """What time it is at a place, for a query of places."""
    scene_now = clocks.scene.time_at(clocks.now) if clocks.scene else clocks.now
    return Case(
        When(is_replay_source(), then=Value(scene_now, DateTimeField())),
        default=Value(clocks.now, DateTimeField()),
    )


def _span(basis: Basis) -> tuple[OuterRef, OuterRef]:
    return OuterRef(_since(basis)), OuterRef("clock_at")


def _since(basis: Basis) -> str:
    return f"since_{basis.value.lower()}"


def _believed_since(basis: Basis, clocks: Clocks) -> Combinable:
    """Facts of a place that is fetched rarely are believed for longer: see Place.fresh_longer."""
    scene_now = clocks.scene.time_at(clocks.now) if clocks.scene else clocks.now

    def ago(now: datetime, longer: timedelta) -> Value:
        return Value(now - FRESH[basis] - longer, DateTimeField())

    paces = {
        hours: Place(refresh_hours=hours).fresh_longer
        for hours in range(1, LONGEST_BELIEVED_HOURS + 1)
    }
    return Case(
        When(is_replay_source(), then=ago(scene_now, timedelta())),
        *(When(refresh_hours=hours, then=ago(clocks.now, paces[hours])) for hours in paces),
        default=ago(clocks.now, paces[LONGEST_BELIEVED_HOURS]),
    )


def _list_offsets(zones: Iterable[tuple[str, bool]], clocks: Clocks) -> tuple[timedelta, ...]:
    scene_now = clocks.scene.time_at(clocks.now) if clocks.scene else clocks.now
    times = ((scene_now if is_replay else clocks.now, name) for name, is_replay in zones)
    found = {at.astimezone(ZoneInfo(name)).utcoffset() or timedelta() for at, name in times}
    return tuple(sorted(found))
