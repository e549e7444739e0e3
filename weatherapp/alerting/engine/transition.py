"""What a decision leads to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from weatherapp.alerting.engine.assessment import Assessment
from weatherapp.alerting.engine.snapshot import Change, Marks, OpenAlert, Snapshot, State
from weatherapp.domain.cap import Severity
from weatherapp.domain.spans import Span


@dataclass(frozen=True, slots=True)
class Transition:
    """What is to be stored. `change` None: nothing that anybody needs to be told of.

    `held_back` is the snapshot of the time before a raised alert: since when, and by which gates.
    """

    snapshot: Snapshot
    assessment: Assessment
    change: Change | None = None
    held_back: Snapshot | None = None


def fire(before: Snapshot | None, assessment: Assessment, marks: Marks, now: datetime) -> Snapshot:
    """Firing, as the assessment says; what has begun keeps its beginning."""
    severity, span = expect(assessment)
    ends_at = span.ends_at if assessment.is_end_known else None
    onset_at = span.starts_at
    if before is not None and before.alert is not None and before.alert.onset_at <= now:
        onset_at = before.alert.onset_at
    is_on = before is not None and before.state is State.FIRING
    return Snapshot(
        State.FIRING,
        since_at=before.since_at if before is not None and is_on else now,
        alert=OpenAlert(severity, onset_at, ends_at, ends_at, now, span.ends_at),
        marks=marks,
    )


def expect(assessment: Assessment) -> tuple[Severity, Span]:
    """Of an assessment that holds."""
    if assessment.severity is None or assessment.span is None:
        raise ValueError("the rule does not hold")
    return assessment.severity, assessment.span


def is_over(snapshot: Snapshot, period: timedelta, now: datetime) -> bool:
    return snapshot.since_at is None or now - snapshot.since_at >= period
