"""A rule as JSON, as a version of it is stored: what is unknown in it is left out, what is missing is usual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weatherapp.alerting.engine.rule import NoDataPolicy, Rule
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Basis, Comparison, Condition, Level

NUMBERS = (
    "pending_evaluations",
    "pending_minutes",
    "keep_firing_minutes",
    "rearm_minutes",
    "lead_from_hours",
    "from_hour",
    "to_hour",
)


def to_json(rule: Rule) -> dict[str, Any]:
    """Plain JSON, in a fixed order: equal rules are equal texts."""
    return {
        "conditions": [_condition_to_json(condition) for condition in rule.conditions],
        **{name: getattr(rule, name) for name in NUMBERS},
        "months": sorted(rule.months),
        "no_data_policy": rule.no_data_policy.value,
    }


def from_json(stored: Mapping[str, Any]) -> Rule:
    """Raises ValueError, KeyError or TypeError where it is no rule."""
    numbers = {name: stored[name] for name in NUMBERS if name in stored}
    return Rule(
        conditions=tuple(_condition_from_json(condition) for condition in stored["conditions"]),
        months=frozenset(stored.get("months", ())),
        no_data_policy=NoDataPolicy(stored.get("no_data_policy", NoDataPolicy.SAY)),
        **numbers,
    )


def _condition_to_json(condition: Condition) -> dict[str, Any]:
    return {
        "quantity": condition.quantity_name,
        "basis": condition.basis.value,
        "hours": condition.hours,
        "aggregation": condition.aggregation.value,
        "comparison": condition.comparison.value,
        "levels": [_level_to_json(level) for level in condition.levels],
    }


def _level_to_json(level: Level) -> dict[str, Any]:
    return {
        "severity": level.severity.value,
        "threshold": level.threshold,
        "recovery_threshold": level.recovery_threshold,
        "codes": sorted(level.codes),
    }


def _condition_from_json(stored: Mapping[str, Any]) -> Condition:
    return Condition(
        quantity_name=stored["quantity"],
        basis=Basis(stored["basis"]),
        hours=stored["hours"],
        aggregation=Aggregation(stored["aggregation"]),
        comparison=Comparison(stored["comparison"]),
        levels=tuple(_level_from_json(level) for level in stored["levels"]),
    )


def _level_from_json(stored: Mapping[str, Any]) -> Level:
    return Level(
        severity=Severity(stored["severity"]),
        threshold=stored["threshold"],
        recovery_threshold=stored["recovery_threshold"],
        codes=frozenset(stored.get("codes", ())),
    )
