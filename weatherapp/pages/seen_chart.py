"""The hours that a condition looked at, and its thresholds, as shapes that a template draws. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from weatherapp.domain.conditions import Aggregation
from weatherapp.models.evidence import ConditionSeen

TOP = 8.0  # px
PLOT_HEIGHT = 96.0
BASE = TOP + PLOT_HEIGHT
BAR_SHARE = 0.72
# What is made of all hours together has no threshold for one of them.
BY_HOUR = (Aggregation.MAXIMUM, Aggregation.MINIMUM, Aggregation.MEAN)


@dataclass(frozen=True, slots=True)
class SeenBar:
    """`x` and `width` in % of the width, `y` and `height` in px."""

    at: datetime
    value: float
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class SeenChart:
    seen: ConditionSeen
    bars: tuple[SeenBar, ...]
    threshold_y: float | None
    recovery_y: float | None
    height: float = BASE + 4.0
    base: float = BASE


def draw_seen(seen: ConditionSeen) -> SeenChart | None:
    """None where there is nothing to draw: no hours, or names instead of numbers."""
    if not seen.hours or seen.aggregation is Aggregation.ANY_CODE:
        return None
    lines = _lines(seen)
    numbers = [*(value for _, value in seen.hours), *lines]
    if seen.aggregation is not Aggregation.CHANGE:
        numbers.append(0.0)
    low, high = min(numbers), max(numbers)
    span = (high - low) or 1.0

    def down(value: float) -> float:
        return round(TOP + PLOT_HEIGHT * (high - value) / span, 2)

    width = 100 / len(seen.hours)
    zero = down(0.0) if low <= 0.0 <= high else BASE
    bars = tuple(
        SeenBar(
            at,
            value,
            x=round((index + (1 - BAR_SHARE) / 2) * width, 2),
            y=min(down(value), zero),
            width=round(BAR_SHARE * width, 2),
            height=max(round(abs(zero - down(value)), 2), 1.0),
        )
        for index, (at, value) in enumerate(seen.hours)
    )
    threshold_y, recovery_y = (down(value) for value in lines) if lines else (None, None)
    return SeenChart(seen, bars, threshold_y, recovery_y)


def _lines(seen: ConditionSeen) -> tuple[float, ...]:
    """Threshold and recovery threshold, where they are of single hours."""
    if seen.aggregation not in BY_HOUR or seen.threshold is None or seen.recovery_threshold is None:
        return ()
    return seen.threshold, seen.recovery_threshold
