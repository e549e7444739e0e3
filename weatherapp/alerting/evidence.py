"""Writes what a decision saw: versioned, enough to explain it and to repeat it.

models/evidence.py reads it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from weatherapp.alerting.engine.assessment import Assessment
from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.reading import Reading
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.engine.transition import Transition
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Basis, Condition

VERSION = 2  # since then with the parts of a probability


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
    prediction = facts.prediction
    return {
        "model_name": prediction.model_name,
        "model_version": prediction.model_version,
        "prediction_id": prediction.prediction_id,
        "parts": prediction.parts.to_json() if prediction.parts else None,
    }


def _write_time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
