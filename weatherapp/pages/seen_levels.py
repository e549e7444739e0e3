"""Thresholds of a condition as lines across its chart, each with its severity beside it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from weatherapp.alerting.engine.rule import Rule
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Level
from weatherapp.models.evidence import ConditionSeen

LABEL_HEIGHT = 1.0  # rem
ABOVE_LINE = 0.25  # rem


@dataclass(frozen=True, slots=True)
class LevelMark:
    """`y` of the line and `label_y` of its words in rem; `threshold` None: a level of codes."""

    severity: Severity
    threshold: float | None
    y: float
    label_y: float


def find_levels(seen: ConditionSeen, says: Rule | None) -> tuple[Level, ...]:
    """All levels of the condition, from the rule as it was; none where that is not known."""
    wanted = (seen.quantity_name, seen.basis, seen.aggregation, seen.window_hours)
    for one in says.conditions if says else ():
        if (one.quantity_name, one.basis, one.aggregation, one.hours) == wanted:
            return one.levels
    return ()


def height_of(seen: ConditionSeen, level: Level) -> float:
    """Where a level is on the chart's scale: a change counts from the first hour, codes by severity."""
    if seen.aggregation is Aggregation.ANY_CODE:
        return float(level.severity.rank)
    return level.threshold + change_base(seen)


def change_base(seen: ConditionSeen) -> float:
    """What thresholds are counted from."""
    return seen.hours[0][1] if seen.is_change else 0.0


def rank_code(code: float, levels: Sequence[Level]) -> int:
    """The worst severity that speaks of the code; 0: none does."""
    return max((one.severity.rank for one in levels if int(code) in one.codes), default=0)


def draw_marks(
    seen: ConditionSeen, levels: Sequence[Level], down: Callable[[float], float]
) -> tuple[LevelMark, ...]:
    """From the top of the chart to its bottom; words do not lie on each other."""
    is_code = seen.aggregation is Aggregation.ANY_CODE
    marks: list[LevelMark] = []
    for level in sorted(levels, key=lambda one: down(height_of(seen, one))):
        y = down(height_of(seen, level))
        lowest = marks[-1].label_y + LABEL_HEIGHT if marks else 0.0
        label_y = round(max(y - ABOVE_LINE, lowest), 2)
        marks.append(LevelMark(level.severity, None if is_code else level.threshold, y, label_y))
    return tuple(marks)
