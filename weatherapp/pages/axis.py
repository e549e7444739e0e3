"""The time axis that every chart shares: hours of a place's own day. Pure.

Across, a chart is measured in percent of its width, so that one drawing fits phone and desktop
with text of the same size; down, in pixels or in the reader's own size of text (rem). Where there
is no room for all labels, those of a higher `rank` are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

LABEL_EVERY_HOURS = 3
# A chart of so many columns and more is labelled so rarely; ten days at most.
STEPS = ((0, 1), (3, LABEL_EVERY_HOURS), (52, 6), (75, 12), (150, 24))
LATE_X = 75.0  # %
EDGE_X = 4.0  # %; nearer to a side than this, half a label would stick out on a phone


@dataclass(frozen=True, slots=True)
class Tick:
    """A full hour on the axis."""

    x: float  # % of the width
    at: datetime
    is_new_day: bool  # whether a local day begins
    rank: int = 0  # 0: labelled on the narrowest screen; 1 and 2: where there is more room
    day_rank: int = 0  # the same of the day's name

    @property
    def is_late(self) -> bool:
        """Whether the day's name has no room to its right."""
        return self.x > LATE_X

    @property
    def anchor(self) -> str:
        """Which part of its label is at `x` (SVG's text-anchor), so that all of it is in the chart."""
        if self.x < EDGE_X:
            return "start"
        return "end" if self.x > 100 - EDGE_X else "middle"


def make_ticks(bounds: Sequence[datetime], zone: ZoneInfo) -> tuple[Tick, ...]:
    """`bounds`: the instants between columns, one more than there are columns, oldest first."""
    every_hours = max(hours for columns, hours in STEPS if len(bounds) > columns)
    ticks: list[Tick] = []
    day_count = 0
    for index, instant in enumerate(bounds):
        local = instant.astimezone(zone)
        is_new_day = index > 0 and local.date() != bounds[index - 1].astimezone(zone).date()
        if is_new_day or local.hour % every_hours == 0:
            x = place_across(index, len(bounds) - 1)
            ticks.append(Tick(x, local, is_new_day, _rank(len(ticks)), _rank(day_count)))
            day_count += is_new_day
    return tuple(ticks)


def _rank(index: int) -> int:
    """Of every four labels, one is of rank 0, one of 1, two of 2."""
    if index % 4 == 0:
        return 0
    return 1 if index % 2 == 0 else 2


def place_across(columns: float, column_count: int) -> float:
    """Columns from the left edge -> % of the width."""
    return round(100 * columns / column_count, 3)


def place_instant(instant: datetime, bounds: Sequence[datetime]) -> float | None:
    """% of the width, or None outside of the axis."""
    start, end = bounds[0], bounds[-1]
    if not start <= instant <= end:
        return None
    return round(100 * ((instant - start) / (end - start)), 3)
