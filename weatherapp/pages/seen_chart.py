"""The hours that a condition looked at, and its thresholds, as shapes that a template draws. Pure.

Down it is measured in rem, so that it grows with the reader's text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from weatherapp.alerting.engine.rule import Rule
from weatherapp.display.weather_codes import describe_weather
from weatherapp.domain.conditions import Aggregation, Level
from weatherapp.domain.spans import HOUR
from weatherapp.models.evidence import ConditionSeen
from weatherapp.pages.axis import Tick, make_ticks, place_across
from weatherapp.pages.seen_levels import (
    LevelMark,
    change_base,
    draw_marks,
    find_levels,
    height_of,
    rank_code,
)

TOP = 2.25  # rem, room for the names of days and for the highest threshold's words
PLOT_HEIGHT = 9.0
BASE = TOP + PLOT_HEIGHT
THINNEST = 0.06  # rem, of a bar of nothing
BAR_SHARE = 0.72
Down = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class SeenHour:
    """A row of the table; `sum_so_far` of sums, `weather` of codes."""

    at: datetime
    value: float
    sum_so_far: float | None
    weather: str


@dataclass(frozen=True, slots=True)
class SeenBar:
    """`x` and `width` in % of the width, `y` and `height` in rem."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class SeenLine:
    """Across in %, down in rem."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class SeenChart:
    """`lines` are what the thresholds are compared with, where bars are not."""

    seen: ConditionSeen
    hours: tuple[SeenHour, ...]
    bars: tuple[SeenBar, ...]
    lines: tuple[SeenLine, ...]
    marks: tuple[LevelMark, ...]
    recovery_y: float | None
    ticks: tuple[Tick, ...]
    zero_y: float
    height: float = BASE + 1.65
    base: float = BASE


def draw_seen(seen: ConditionSeen, says: Rule | None, zone: ZoneInfo) -> SeenChart | None:
    """None where there is nothing to draw: no hours. `says` is the rule as it decided."""
    levels = find_levels(seen, says)
    is_code = seen.aggregation is Aggregation.ANY_CODE
    if not seen.hours or (is_code and not levels):
        return None
    values = [rank_code(v, levels) if is_code else v for _, v in seen.hours]
    sums = list(accumulate(values)) if seen.aggregation is Aggregation.SUM else []
    totals: Sequence[float | None] = sums or [None] * len(values)
    recovery = None if is_code else _find_recovery(seen)
    down = _scale(seen, [*values, *sums], levels, recovery)
    zero = BASE if seen.is_change else down(0.0)
    return SeenChart(
        seen,
        hours=tuple(
            SeenHour(at, value, total, describe_weather(value) if is_code else "")
            for (at, value), total in zip(seen.hours, totals, strict=True)
        ),
        bars=() if seen.is_change else _draw_bars(seen, values, down, zero),
        lines=_draw_lines(seen, sums or values, down),
        marks=draw_marks(seen, levels, down),
        recovery_y=None if recovery is None else down(recovery),
        ticks=make_ticks(_list_bounds(seen), zone),
        zero_y=zero,
    )


def _find_recovery(seen: ConditionSeen) -> float | None:
    known = seen.recovery_threshold
    return None if known is None else known + change_base(seen)


def _scale(
    seen: ConditionSeen, drawn: Sequence[float], levels: Sequence[Level], recovery: float | None
) -> Down:
    """Value -> rem. A change has no zero to stand on; a probability always has all of 0 to 1."""
    numbers = [*drawn, *(height_of(seen, level) for level in levels)]
    numbers += [] if recovery is None else [recovery]
    numbers += [] if seen.is_change else [0.0]
    numbers += [1.0] if seen.aggregation is Aggregation.ANY_WET else []
    low, high = min(numbers), max(numbers)
    span = (high - low) or 1.0
    return lambda value: round(TOP + PLOT_HEIGHT * (high - value) / span, 3)


def _list_bounds(seen: ConditionSeen) -> list[datetime]:
    """Between columns; a line goes from the first hour's time, a bar ends at its hour's time."""
    first_at, last_at = seen.hours[0][0], seen.hours[-1][0]
    if not seen.is_change or first_at == last_at:
        first_at -= HOUR
    return [first_at + step * HOUR for step in range((last_at - first_at) // HOUR + 1)]


def _draw_bars(
    seen: ConditionSeen, values: Sequence[float], down: Down, zero: float
) -> tuple[SeenBar, ...]:
    bounds = _list_bounds(seen)
    count = len(bounds) - 1
    return tuple(
        SeenBar(
            x=place_across((at - bounds[1]) // HOUR + (1 - BAR_SHARE) / 2, count),
            y=min(down(value), zero),
            width=place_across(BAR_SHARE, count),
            height=max(round(abs(zero - down(value)), 3), THINNEST),
        )
        for (at, _), value in zip(seen.hours, values, strict=True)
    )


def _draw_lines(seen: ConditionSeen, values: Sequence[float], down: Down) -> tuple[SeenLine, ...]:
    """A sum's staircase, a change's own course, the chance of any of the hours."""
    bounds = _list_bounds(seen)
    xs = [place_across((at - bounds[0]) // HOUR, len(bounds) - 1) for at, _ in seen.hours]
    if seen.aggregation is Aggregation.ANY_WET and seen.value is not None:
        return (SeenLine(0.0, down(seen.value), 100.0, down(seen.value)),)
    if seen.aggregation is Aggregation.SUM:
        points = [(0.0, 0.0), *zip(xs, values, strict=True)]
    else:
        points = list(zip(xs, values, strict=True)) if seen.is_change else []
    return tuple(
        SeenLine(x1, down(one), x2, down(other)) for (x1, one), (x2, other) in pairwise(points)
    )
