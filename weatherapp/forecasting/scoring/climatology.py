"""The baseline of skill: how often it rains at a place at this hour of the day, at this time of year. Pure.

Each hour is first compared with what the hours before it say, and counted only then: so the baseline
never knows what it is asked about. What is long ago fades, and so the season is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from weatherapp.models.stored import as_number, read_list

HOURS_A_DAY = 24
HALF_LIFE_DAYS = 45.0  # the weeks that count: about the 90 days that a window's climate has
FADING = 0.5 ** (1 / HALF_LIFE_DAYS)  # an hour of the day comes once a day
# An hour of the day is seen with the hours beside it, and drawn towards the place's whole day.
BESIDE = 1
DRAWN_HOURS = 30.0
# Before anything is known: a typical place, for as long as these hours weigh.
TYPICAL_SHARE = 0.1
TYPICAL_HOURS = 48.0


@dataclass(slots=True)
class Climatology:
    """By hour of the day (UTC) at which an hour ends: hours and wet hours, faded."""

    hours: list[float] = field(default_factory=lambda: [0.0] * HOURS_A_DAY)
    wet_hours: list[float] = field(default_factory=lambda: [0.0] * HOURS_A_DAY)

    def count(self, at: datetime, *, is_wet: bool) -> None:
        hour = at.astimezone(UTC).hour
        self.hours[hour] = self.hours[hour] * FADING + 1.0
        self.wet_hours[hour] = self.wet_hours[hour] * FADING + is_wet

    def count_all(self, wet_hours: Mapping[datetime, bool]) -> None:
        for at in sorted(wet_hours):
            self.count(at, is_wet=wet_hours[at])

    def probability(self, at: datetime) -> float:
        """Of rain in the hour that ends at `at`, 0..1 and never quite either."""
        day = _share(sum(self.wet_hours), sum(self.hours), TYPICAL_SHARE, TYPICAL_HOURS)
        hour = at.astimezone(UTC).hour
        near = [(hour + step) % HOURS_A_DAY for step in range(-BESIDE, BESIDE + 1)]
        wet = sum(self.wet_hours[index] for index in near)
        return _share(wet, sum(self.hours[index] for index in near), day, DRAWN_HOURS)

    def to_json(self) -> list[list[float]]:
        return [self.hours, self.wet_hours]


def parse_climatology(stored: object, row: str) -> Climatology:
    """Also what another release wrote: where it cannot be read, nothing is known."""
    columns = read_list(stored, row)
    if len(columns) != 2:
        return Climatology()
    hours, wet_hours = (_read_column(column, row) for column in columns)
    return Climatology(hours, [min(pair) for pair in zip(hours, wet_hours, strict=True)])


def _read_column(stored: object, row: str) -> list[float]:
    numbers = [as_number(value) or 0.0 for value in read_list(stored, row)]
    return [max(number, 0.0) for number in (*numbers, *[0.0] * HOURS_A_DAY)][:HOURS_A_DAY]


def _share(wet: float, hours: float, towards: float, weight: float) -> float:
    return (wet + towards * weight) / (hours + weight)


def learn(hours: Iterable[tuple[datetime, bool]]) -> Climatology:
    """From hours and whether each was wet."""
    found = Climatology()
    found.count_all(dict(hours))
    return found
