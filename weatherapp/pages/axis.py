"""The time axis that every chart shares: hours of a place's own day. Pure.

Across, a chart is measured in percent of its width, so that one drawing fits phone and desktop
with text of the same size; down, in pixels or in the reader's own size of text (rem). Where there
is no room for all labels, those of a higher `rank` are left out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

LABEL_EVERY_HOURS = 3
# So many labels have room on the narrowest screen, and on the next wider ones.
LABELS_A_RANK = (3, 5, 9)
DAYS_A_RANK = (1, 3, 6)
# A chart of more columns than that is labelled so rarely, in hours; ten days at most.
STEPS = ((0, 1), (3, LABEL_EVERY_HOURS), (52, 6), (75, 12), (150, 24))
LATE_X = 75.0  # %
EDGE_X = 4.0  # %; nearer to a side than this, half a label would stick out on a phone


@dataclass(frozen=True, slots=True)
class Tick:
    """A full hour on the axis."""

    x: float  # % of the width
    at: datetime
    is_new_day: bool  # whether a local day begins
    rank: int = 0  # 0: labelled on the narrowest screen; 1 to 3: where there is more room
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
    found: list[tuple[float, datetime, bool]] = []
    for index, instant in enumerate(bounds):
        local = instant.astimezone(zone)
        is_new_day = index > 0 and local.date() != bounds[index - 1].astimezone(zone).date()
        if is_new_day or local.hour % every_hours == 0:
            found.append((place_across(index, len(bounds) - 1), local, is_new_day))
    worst = bisect_left(LABELS_A_RANK, len(found))
    worst_day = bisect_left(DAYS_A_RANK, sum(is_new_day for *_, is_new_day in found))
    days = count()
    return tuple(
        Tick(x, at, is_new_day, _rank(index, worst), _rank(next(days), worst_day))
        if is_new_day
        else Tick(x, at, is_new_day, _rank(index, worst))
        for index, (x, at, is_new_day) in enumerate(found)
    )


def _rank(index: int, worst: int) -> int:
    """Every second label is of the worst rank, every fourth of the one before, and so on."""
    halvings = (index & -index).bit_length() - 1 if index else worst
    return max(0, worst - halvings)


def place_across(columns: float, column_count: int) -> float:
    """Columns from the left edge -> % of the width."""
    return round(100 * columns / column_count, 3)
