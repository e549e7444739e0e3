"""How often places are fetched: hourly while a day's calls suffice, rarer where it is calm. Pure."""

from __future__ import annotations

from dataclasses import dataclass

DAY_HOURS = 24


@dataclass(frozen=True, slots=True)
class Need:
    """What speaks for fetching a place each hour: somebody, or a rule that may soon speak up."""

    is_alerting: bool = False  # an alert is open, held back, or only just over
    is_near: bool = False  # what is known comes near a threshold
    is_subscribed: bool = False

    def __bool__(self) -> bool:
        return self.is_alerting or self.is_near or self.is_subscribed


@dataclass(frozen=True, slots=True)
class Demand:
    """Grid cells to fetch: a place that shares none is one by itself. `needed` are those of a Need."""

    cells: int
    needed: int
    past_calls: float = 0.0  # for the days before the first fetch of places that are new


@dataclass(frozen=True, slots=True)
class Pace:
    """Every so many hours a cell with a need, and one without, is fetched."""

    needed_hours: int
    calm_hours: int

    def count_calls(self, demand: Demand) -> float:
        """Of a day, by weight; the days before of new places included."""
        calm = demand.cells - demand.needed
        needed_calls = demand.needed * DAY_HOURS / self.needed_hours
        return needed_calls + calm * DAY_HOURS / self.calm_hours + demand.past_calls


HOURLY = Pace(1, 1)
# Where there is a need, never rarer than each two hours: a reading is believed for three. Each
# divides the day, so that a place's turns are the same hours of every day.
PACES = (HOURLY, Pace(1, 2), Pace(1, 3), Pace(1, 6), Pace(2, 6), Pace(2, 12), Pace(2, 24))


def find_pace(demand: Demand, daily_calls: float | None) -> Pace:
    """The first that a day's calls suffice for; None: they are not limited. The last, where none does."""
    if daily_calls is None:
        return HOURLY
    enough = (pace for pace in PACES if pace.count_calls(demand) <= daily_calls)
    return next(enough, PACES[-1])
