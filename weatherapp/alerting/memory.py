"""Rows -> the engine's snapshots, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from weatherapp.alerting.engine.snapshot import Gate, Marks, OpenAlert, Snapshot, State
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Basis
from weatherapp.models import Alert, RuleState


def read_alert(alert: Alert) -> Snapshot:
    """The snapshot of an open alert."""
    return Snapshot(
        state=State(alert.state),
        since_at=alert.since_at,
        alert=OpenAlert(
            severity=Severity(alert.severity),
            onset_at=alert.onset_at,
            ends_at=alert.ends_at,
            told_ends_at=alert.told_ends_at,
            confirmed_at=alert.confirmed_at,
            confirmed_until_at=alert.confirmed_until_at,
        ),
        marks=read_marks(alert.marks),
    )


def read_rule_state(rule_state: RuleState) -> Snapshot:
    """The snapshot of a rule without an open alert."""
    return Snapshot(
        state=State(rule_state.state),
        since_at=rule_state.since_at,
        evaluations=rule_state.evaluations,
        gates=frozenset(Gate(gate) for gate in rule_state.gates if gate in Gate.__members__),
        marks=read_marks(rule_state.marks),
    )


def write_alert(alert: Alert, snapshot: Snapshot, *, certainty: str) -> None:
    """Put an open snapshot into the row's fields."""
    known = snapshot.alert
    if known is None:
        raise ValueError("the snapshot has no open alert")
    alert.state = snapshot.state.value
    alert.since_at = snapshot.since_at or known.confirmed_at
    alert.severity = known.severity.value
    peak = Severity(alert.peak_severity) if alert.peak_severity else known.severity
    alert.peak_severity = max(peak, known.severity, key=lambda one: one.rank).value
    alert.certainty = certainty
    alert.onset_at, alert.ends_at = known.onset_at, known.ends_at
    alert.told_ends_at = known.told_ends_at
    alert.confirmed_at, alert.confirmed_until_at = known.confirmed_at, known.confirmed_until_at
    alert.marks = write_marks(snapshot.marks)


def rule_state_fields(snapshot: Snapshot) -> dict[str, Any]:
    """The fields of a RuleState."""
    return {
        "state": snapshot.state.value,
        "since_at": snapshot.since_at,
        "evaluations": snapshot.evaluations,
        "gates": sorted(snapshot.gates),
        "marks": write_marks(snapshot.marks),
    }


def write_marks(marks: Marks) -> dict[str, str]:
    """Plain JSON."""
    return {basis.value: at.isoformat() for basis, at in marks.items()}


def read_marks(stored: Mapping[str, str]) -> Marks:
    """What is of no basis that this version knows is left out."""
    return {
        Basis(basis): datetime.fromisoformat(at)
        for basis, at in stored.items()
        if basis in Basis.__members__
    }
