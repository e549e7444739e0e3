"""While no alert is open: raise one, or say what keeps it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from weatherapp.alerting.engine.assessment import Assessment
from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.engine.snapshot import Change, Gate, Marks, Reason, Snapshot, State
from weatherapp.alerting.engine.transition import Transition, fire, is_over


def decide_closed(
    rule: Rule,
    facts: Facts,
    snapshot: Snapshot,
    assessment: Assessment,
    marks: Marks,
    now: datetime,
) -> Transition | None:
    is_rearming = snapshot.state is State.REARMING and not is_over(snapshot, rule.rearm_after, now)
    if assessment.severity is None:
        return _stay_closed(snapshot, assessment, is_rearming=is_rearming)
    if is_rearming:
        return _hold_back(snapshot, replace(snapshot, gates=frozenset({Gate.REARMING})), assessment)
    pending = _count_pending(snapshot, marks, now)
    gates = _find_gates(rule, facts, pending, now)
    pending = replace(pending, gates=pending.gates | gates)
    if gates:
        return _hold_back(snapshot, pending, assessment)
    change = Change(State.NORMAL, State.FIRING, Reason.RAISED)
    return Transition(fire(None, assessment, marks, now), assessment, change, held_back=pending)


def _stay_closed(
    snapshot: Snapshot, assessment: Assessment, *, is_rearming: bool
) -> Transition | None:
    """Back to normal, of which nothing is remembered; missing facts neither count nor forgive."""
    if snapshot.state is State.NORMAL or is_rearming:
        return None
    if snapshot.state is State.PENDING and not assessment.is_known:
        return None
    return Transition(Snapshot(), assessment)


def _count_pending(snapshot: Snapshot, marks: Marks, now: datetime) -> Snapshot:
    """One more evaluation in a row, if it is one on new facts."""
    if snapshot.state is not State.PENDING:
        return Snapshot(
            State.PENDING, since_at=now, evaluations=1, gates=snapshot.gates, marks=marks
        )
    is_new = marks != snapshot.marks
    return replace(snapshot, evaluations=snapshot.evaluations + is_new, marks=marks)


def _find_gates(rule: Rule, facts: Facts, pending: Snapshot, now: datetime) -> frozenset[Gate]:
    gates = set()
    if pending.evaluations < rule.pending_evaluations or not is_over(
        pending, rule.pending_period, now
    ):
        gates.add(Gate.PENDING)
    if not rule.is_in_season(now.astimezone(facts.zone)):
        gates.add(Gate.OUT_OF_SEASON)
    return frozenset(gates)


def _hold_back(before: Snapshot, after: Snapshot, assessment: Assessment) -> Transition | None:
    return None if after == before else Transition(after, assessment)
