"""The same rule with thresholds a step up or down, for who wants to choose between them."""

from __future__ import annotations

from dataclasses import replace

from weatherapp.alerting.engine.problems import find_bounds, find_problems
from weatherapp.alerting.engine.rule import Rule
from weatherapp.domain.conditions import Aggregation, Comparison, Condition, Level

# Where a whole step leads to a rule that cannot be, a smaller one may not.
SHARES = (1.0, 0.5, 0.2)
DIGITS = 6


def find_neighbour(rule: Rule, steps: int) -> Rule | None:
    """The rule with its thresholds `steps` steps harder to reach (below 0: easier).

    None where its thresholds do not move (weather codes have none), or cannot move so far.
    """
    for share in SHARES:
        shifted = shift(rule, steps * share)
        if shifted != rule and _can_be(shifted):
            return shifted
    return None


def shift(rule: Rule, steps: float) -> Rule:
    """All thresholds moved by `steps` of their quantity's own, in the harder direction."""
    return replace(rule, conditions=tuple(_shift(one, steps) for one in rule.conditions))


def _can_be(rule: Rule) -> bool:
    """Whether it raises for some weather, and ends for some."""
    return not find_problems(rule) and all(
        _is_between(condition, level)
        for condition in rule.conditions
        for level in condition.levels
        if condition.aggregation is not Aggregation.ANY_CODE
    )


def _is_between(condition: Condition, level: Level) -> bool:
    low, high = find_bounds(condition)
    return low < level.threshold < high and low < level.recovery_threshold < high


def _shift(condition: Condition, steps: float) -> Condition:
    if condition.aggregation is Aggregation.ANY_CODE:
        return condition
    by = steps * condition.quantity.step
    if condition.comparison is Comparison.AT_MOST:
        by = -by
    return replace(condition, levels=tuple(_shift_level(one, by) for one in condition.levels))


def _shift_level(level: Level, by: float) -> Level:
    return replace(
        level,
        threshold=round(level.threshold + by, DIGITS),
        recovery_threshold=round(level.recovery_threshold + by, DIGITS),
    )
