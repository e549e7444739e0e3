"""Why a rule cannot be: each reason with its place in the rule and a code; words are the forms'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from weatherapp.alerting.engine.rule import MOST_CONDITIONS, Rule
from weatherapp.domain.conditions import Aggregation, Basis, Comparison, Condition, Level
from weatherapp.domain.quantities import BY_NAME, Kind

LONGEST_HOURS = {Basis.MEASURED: 240, Basis.FORECAST: 48, Basis.PROBABILITY: 24}
LONGEST_PERIOD_MINUTES = 31 * 24 * 60
BLENDED = (
    "precipitation_probability"  # the one quantity that the blend of model and source speaks of
)


class Code(StrEnum):
    """What is wrong."""

    NO_CONDITION = "NO_CONDITION"
    TOO_MANY_CONDITIONS = "TOO_MANY_CONDITIONS"
    UNKNOWN_QUANTITY = "UNKNOWN_QUANTITY"
    NOT_MEASURED = "NOT_MEASURED"
    NOT_FORECAST = "NOT_FORECAST"
    NO_PROBABILITY = "NO_PROBABILITY"
    AGGREGATION_MISMATCH = "AGGREGATION_MISMATCH"
    COMPARISON_MISMATCH = "COMPARISON_MISMATCH"
    HOURS_OUT_OF_RANGE = "HOURS_OUT_OF_RANGE"
    NO_LEVEL = "NO_LEVEL"
    LEVELS_OUT_OF_ORDER = "LEVELS_OUT_OF_ORDER"
    THRESHOLD_OUT_OF_BOUNDS = "THRESHOLD_OUT_OF_BOUNDS"
    WRONG_SIGN = "WRONG_SIGN"
    RECOVERY_ON_THE_WRONG_SIDE = "RECOVERY_ON_THE_WRONG_SIDE"
    NEVER_ENDS = "NEVER_ENDS"
    NO_CODES = "NO_CODES"
    LOWEST_LEVELS_DIFFER = "LOWEST_LEVELS_DIFFER"
    PERIOD_OUT_OF_RANGE = "PERIOD_OUT_OF_RANGE"
    LEAD_OUT_OF_RANGE = "LEAD_OUT_OF_RANGE"
    MONTH_OUT_OF_RANGE = "MONTH_OUT_OF_RANGE"
    HOURS_OF_DAY_INVERTED = "HOURS_OF_DAY_INVERTED"


@dataclass(frozen=True, slots=True)
class Problem:
    """`condition` and `level` are indexes, None where it is of the whole rule or condition.

    `field` is the attribute's name.
    """

    code: Code
    field: str
    condition: int | None = None
    level: int | None = None


def find_problems(rule: Rule) -> list[Problem]:
    """All that is wrong, in the order of the rule's parts; empty: the rule can be."""
    return [*_check_conditions(rule), *_check_patience(rule)]


def _check_conditions(rule: Rule) -> Iterator[Problem]:
    if not rule.conditions:
        yield Problem(Code.NO_CONDITION, "conditions")
    if len(rule.conditions) > MOST_CONDITIONS:
        yield Problem(Code.TOO_MANY_CONDITIONS, "conditions")
    for index, condition in enumerate(rule.conditions):
        yield from _check_condition(condition, index)
    lowest = {condition.levels[0].severity for condition in rule.conditions if condition.levels}
    if len(lowest) > 1:
        yield Problem(Code.LOWEST_LEVELS_DIFFER, "levels")


def _check_condition(condition: Condition, index: int) -> Iterator[Problem]:
    if condition.quantity_name not in BY_NAME:
        yield Problem(Code.UNKNOWN_QUANTITY, "quantity_name", index)
        return
    quantity = condition.quantity
    if condition.basis is Basis.MEASURED and not quantity.is_measured:
        yield Problem(Code.NOT_MEASURED, "basis", index)
    if condition.basis is Basis.FORECAST and not quantity.is_forecast:
        yield Problem(Code.NOT_FORECAST, "basis", index)
    if condition.basis is Basis.PROBABILITY and quantity.name != BLENDED:
        yield Problem(Code.NO_PROBABILITY, "basis", index)
    if condition.aggregation not in allowed_aggregations(condition):
        yield Problem(Code.AGGREGATION_MISMATCH, "aggregation", index)
    if condition.quantity.kind is Kind.CODE and condition.comparison is Comparison.AT_MOST:
        yield Problem(Code.COMPARISON_MISMATCH, "comparison", index)
    if not 1 <= condition.hours <= LONGEST_HOURS[condition.basis]:
        yield Problem(Code.HOURS_OUT_OF_RANGE, "hours", index)
    yield from _check_levels(condition, index)


def allowed_aggregations(condition: Condition) -> frozenset[Aggregation]:
    """What can be made of the condition's hours."""
    if condition.basis is Basis.PROBABILITY:
        return frozenset({Aggregation.ANY_WET})
    if condition.quantity.kind is Kind.CODE:
        return frozenset({Aggregation.ANY_CODE})
    common = {Aggregation.MAXIMUM, Aggregation.MINIMUM, Aggregation.MEAN, Aggregation.CHANGE}
    if condition.quantity.kind is Kind.SUM:
        return frozenset((common | {Aggregation.SUM}) - {Aggregation.CHANGE})
    return frozenset(common)


def _check_levels(condition: Condition, index: int) -> Iterator[Problem]:
    if not condition.levels:
        yield Problem(Code.NO_LEVEL, "levels", index)
    for number, level in enumerate(condition.levels):
        yield from _check_level(condition, level, index, number)
    if condition.quantity.kind is Kind.CODE:
        return
    for number, (lower, higher) in enumerate(pairwise(condition.levels), start=1):
        is_harder = lower.threshold != higher.threshold and condition.comparison.reaches(
            higher.threshold, lower.threshold
        )
        if lower.severity.rank >= higher.severity.rank or not is_harder:
            yield Problem(Code.LEVELS_OUT_OF_ORDER, "threshold", index, number)


def _check_level(condition: Condition, level: Level, index: int, number: int) -> Iterator[Problem]:
    if condition.quantity.kind is Kind.CODE:
        if not level.codes:
            yield Problem(Code.NO_CODES, "codes", index, number)
        return
    can_begin = _is_possible(condition, level.threshold)
    if not can_begin:
        yield Problem(Code.THRESHOLD_OUT_OF_BOUNDS, "threshold", index, number)
    elif _is_of_wrong_sign(condition, level):
        yield Problem(Code.WRONG_SIGN, "threshold", index, number)
    if not condition.comparison.reaches(level.threshold, level.recovery_threshold):
        yield Problem(Code.RECOVERY_ON_THE_WRONG_SIDE, "recovery_threshold", index, number)
    elif can_begin and not _is_possible(condition, level.recovery_threshold):
        yield Problem(Code.NEVER_ENDS, "recovery_threshold", index, number)


def _is_possible(condition: Condition, threshold: float) -> bool:
    """Whether some weather is on each side of it: else it holds always, or never."""
    low, high = find_bounds(condition)
    if condition.comparison is Comparison.AT_LEAST:
        return low < threshold <= high
    return low <= threshold < high


def find_bounds(condition: Condition) -> tuple[float, float]:
    """What the condition's value can be."""
    low, high = condition.quantity.low, condition.quantity.high
    if condition.aggregation is Aggregation.CHANGE:
        return low - high, high - low
    if condition.aggregation is Aggregation.SUM:
        return low, high * condition.hours
    return low, high


def _is_of_wrong_sign(condition: Condition, level: Level) -> bool:
    """A fall is below zero and a rise above it: a change of the other sign is no change to tell."""
    if condition.aggregation is not Aggregation.CHANGE:
        return False
    sign = 1 if condition.comparison is Comparison.AT_LEAST else -1
    return sign * level.threshold <= 0 or sign * level.recovery_threshold < 0


def _check_patience(rule: Rule) -> Iterator[Problem]:
    for name in ("pending_minutes", "keep_firing_minutes", "rearm_minutes"):
        if not 0 <= getattr(rule, name) <= LONGEST_PERIOD_MINUTES:
            yield Problem(Code.PERIOD_OUT_OF_RANGE, name)
    if not 1 <= rule.pending_evaluations <= 24:
        yield Problem(Code.PERIOD_OUT_OF_RANGE, "pending_evaluations")
    ahead = [one for one in rule.conditions if one.basis is not Basis.MEASURED]
    if rule.lead_from_hours < 0 or any(
        rule.lead_from_hours + one.hours > LONGEST_HOURS[one.basis] for one in ahead
    ):
        yield Problem(Code.LEAD_OUT_OF_RANGE, "lead_from_hours")
    if not rule.months <= frozenset(range(1, 13)):
        yield Problem(Code.MONTH_OUT_OF_RANGE, "months")
    yield from _check_hours_of_day(rule)


def _check_hours_of_day(rule: Rule) -> Iterator[Problem]:
    hours = (rule.from_hour, rule.to_hour)
    if hours == (None, None):
        return
    if (
        None in hours
        or rule.from_hour == rule.to_hour
        or not all(0 <= hour <= 24 for hour in hours if hour is not None)
    ):
        yield Problem(Code.HOURS_OF_DAY_INVERTED, "from_hour")
