"""What a decision saw, as it is stored: typed, versioned, enough to explain it and to repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from weatherapp.alerting.engine.assessment import Assessment
from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.reading import Reading
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.engine.transition import Transition
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Basis, Comparison, Condition
from weatherapp.domain.quantities import BY_NAME, Quantity

VERSION = 1


@dataclass(frozen=True, slots=True)
class ConditionSeen:
    """One condition; `value` None: it had no data. Of everything else None: not known.

    `hours` are those that were looked at: time and value, in the quantity's unit.
    """

    quantity_name: str
    basis: Basis
    aggregation: Aggregation
    comparison: Comparison
    window_hours: int
    value: float | None
    threshold: float | None
    recovery_threshold: float | None
    made_at: datetime | None
    source: str
    hours: tuple[tuple[datetime, float], ...]
    model_name: str = ""
    model_version: str = ""
    prediction_id: int | None = None

    @property
    def quantity(self) -> Quantity:
        return BY_NAME[self.quantity_name]

    @property
    def is_change(self) -> bool:
        """Whether the value is a difference of two hours."""
        return self.aggregation is Aggregation.CHANGE


@dataclass(frozen=True, slots=True)
class Evidence:
    """`held_back_since_at` and `gates`: what kept the alert back before it was raised."""

    rule_version: int | None
    conditions: tuple[ConditionSeen, ...]
    held_back_since_at: datetime | None = None
    gates: tuple[str, ...] = ()

    @property
    def leading(self) -> ConditionSeen | None:
        """The condition that headlines speak of: the rule's first that had data."""
        known = [condition for condition in self.conditions if condition.value is not None]
        return known[0] if known else None


def write_evidence(
    rule: Rule, facts: Facts, transition: Transition, *, rule_version: int, severity: Severity
) -> dict[str, Any]:
    """Plain JSON; `severity` is the alert's, whose thresholds are told."""
    held_back = transition.held_back
    return {
        "version": VERSION,
        "rule_version": rule_version,
        "conditions": [
            _write_condition(condition, reading, facts, severity)
            for condition, reading in _pair(rule, transition.assessment)
        ],
        "held_back_since_at": _write_time(held_back.since_at) if held_back else None,
        "gates": sorted(held_back.gates) if held_back else [],
    }


def read_evidence(stored: Mapping[str, Any]) -> Evidence:
    """Whatever version wrote it: what is not known of is left out, what is missing is unknown."""
    return Evidence(
        rule_version=stored.get("rule_version"),
        conditions=tuple(
            condition
            for condition in map(_read_condition, stored.get("conditions") or ())
            if condition is not None
        ),
        held_back_since_at=_read_time(stored.get("held_back_since_at")),
        gates=tuple(stored.get("gates") or ()),
    )


def _pair(rule: Rule, assessment: Assessment) -> list[tuple[Condition, Reading | None]]:
    return list(zip(rule.conditions, assessment.readings, strict=True))


def _write_condition(
    condition: Condition, reading: Reading | None, facts: Facts, severity: Severity
) -> dict[str, Any]:
    level = condition.level_at(severity) or condition.levels[0]
    made_at = facts.made_at(condition.basis)
    return {
        "quantity": condition.quantity_name,
        "basis": condition.basis.value,
        "aggregation": condition.aggregation.value,
        "comparison": condition.comparison.value,
        "hours": condition.hours,
        "value": reading.value if reading else None,
        "threshold": level.threshold,
        "recovery_threshold": level.recovery_threshold,
        "made_at": _write_time(made_at),
        "source": _name_source(condition, facts),
        "seen": [[at.isoformat(), value] for at, value in reading.hours] if reading else [],
    } | _name_model(condition, facts)


def _name_source(condition: Condition, facts: Facts) -> str:
    if condition.basis is Basis.MEASURED and facts.measured:
        return facts.measured.source
    return facts.forecast.source if condition.basis is Basis.FORECAST and facts.forecast else ""


def _name_model(condition: Condition, facts: Facts) -> dict[str, Any]:
    if condition.basis is not Basis.PROBABILITY or facts.prediction is None:
        return {}
    return {
        "model_name": facts.prediction.model_name,
        "model_version": facts.prediction.model_version,
        "prediction_id": facts.prediction.prediction_id,
    }


def _read_condition(stored: Any) -> ConditionSeen | None:
    """None where it is of a quantity or kind that this version does not know."""
    try:
        if stored["quantity"] not in BY_NAME:
            return None
        return ConditionSeen(
            quantity_name=stored["quantity"],
            basis=Basis(stored["basis"]),
            aggregation=Aggregation(stored["aggregation"]),
            comparison=Comparison(stored.get("comparison", Comparison.AT_LEAST)),
            window_hours=int(stored.get("hours", 1)),
            value=stored.get("value"),
            threshold=stored.get("threshold"),
            recovery_threshold=stored.get("recovery_threshold"),
            made_at=_read_time(stored.get("made_at")),
            source=stored.get("source") or "",
            hours=tuple(
                (datetime.fromisoformat(at), value) for at, value in stored.get("seen") or ()
            ),
            model_name=stored.get("model_name") or "",
            model_version=stored.get("model_version") or "",
            prediction_id=stored.get("prediction_id"),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _write_time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _read_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
