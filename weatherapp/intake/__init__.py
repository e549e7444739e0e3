"""Weather comes in: one door to every source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from weatherapp.intake.sharing import ask_shared
from weatherapp.intake.source import Hour, Outcome, PointRequest, SourceError
from weatherapp.intake.sources import find_source

if TYPE_CHECKING:  # the scenes are made, and read, without Django
    from weatherapp.models import Place


def fetch(places: Iterable[Place], *, now: datetime) -> dict[int, Outcome]:
    """By place id: its weather, or the error that says why there is none. `now` is real time."""
    outcomes: dict[int, Outcome] = {}
    for source_name, group in _group_by_source(places).items():
        clock_at = group[0].clock(now)  # places of one source share one clock
        outcomes |= _fetch_group(source_name, group, clock_at)
    return outcomes


def fetch_past(place: Place, *, now: datetime) -> Sequence[Hour]:
    """The days before a place was watched; `now` is real time. Raises SourceError."""
    source = find_source(place.source_name)
    return source.fetch_past(_make_spot(place), now=place.clock(now))


def _fetch_group(source_name: str, group: list[Place], clock_at: datetime) -> dict[int, Outcome]:
    try:
        source = find_source(source_name)
    except SourceError as error:
        return {place.pk: error for place in group}
    points = [_make_spot(place) for place in group]
    hours = int(clock_at.timestamp()) // 3600
    return ask_shared(partial(source.fetch, now=clock_at), points, turn=hours)


def _group_by_source(places: Iterable[Place]) -> dict[str, list[Place]]:
    groups: dict[str, list[Place]] = {}
    for place in places:
        groups.setdefault(place.source_name, []).append(place)
    return groups


def _make_spot(place: Place) -> PointRequest:
    return PointRequest(place.pk, place.latitude, place.longitude, place.station, place.cell)
