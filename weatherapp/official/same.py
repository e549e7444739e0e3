"""Whether two sources tell of one and the same danger, and what a warning says that is told of. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from weatherapp.domain.cap import Severity
from weatherapp.domain.official_hazards import OfficialHazard, are_alike

# Services round differently: MeteoAlarm to hours, and to days of the calendar.
TIMES_DIFFER = timedelta(hours=2)
LEVELS_DIFFER = 1


class Told(Protocol):
    """An event, as its row has it."""

    hazard: str
    severity: str
    onset_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    ended_because: str
    identifiers: list[str]


@dataclass(frozen=True, slots=True)
class View:
    """What readers are told of a warning."""

    hazard: str
    severity: str
    onset_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None = None
    ended_because: str = ""

    @property
    def rank(self) -> int:
        return Severity(self.severity).rank


def is_same(
    one: Told, other: Told, one_places: Collection[int], other_places: Collection[int]
) -> bool:
    """Of two sources. A message that both pass on is one; else kind, times, gravity and a place."""
    if not set(one.identifiers).isdisjoint(other.identifiers):
        return True
    return (
        one.hazard != OfficialHazard.GENERIC
        and are_alike(one.hazard, other.hazard)
        and abs(Severity(one.severity).rank - Severity(other.severity).rank) <= LEVELS_DIFFER
        and abs(one.onset_at - other.onset_at) <= TIMES_DIFFER
        and _end_alike(one.ends_at, other.ends_at)
        and not set(one_places).isdisjoint(other_places)
    )


def _end_alike(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= TIMES_DIFFER


def combine(events: Sequence[Told]) -> View:
    """Of all events of a warning, at least one: the gravest of those that are not over tells."""
    alive = [event for event in events if event.ended_at is None]
    if not alive:
        last = max(events, key=lambda event: event.ended_at or event.onset_at)
        return _view([last], last.ended_at, last.ended_because)
    return _view(alive)


def _view(
    events: Sequence[Told], ended_at: datetime | None = None, ended_because: str = ""
) -> View:
    gravest = max(events, key=lambda event: Severity(event.severity).rank)
    ends = [event.ends_at for event in events]
    return View(
        hazard=gravest.hazard,
        severity=gravest.severity,
        onset_at=min(event.onset_at for event in events),
        ends_at=None if None in ends else max(filter(None, ends)),
        ended_at=ended_at,
        ended_because=ended_because,
    )
