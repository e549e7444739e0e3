"""While an alert is open: go on, get worse or better, wait, end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from weatherapp.alerting.engine.assessment import Assessment
from weatherapp.alerting.engine.rule import NoDataPolicy, Rule
from weatherapp.alerting.engine.snapshot import Change, Marks, OpenAlert, Reason, Snapshot, State
from weatherapp.alerting.engine.transition import Transition, expect, fire, is_over
from weatherapp.domain.spans import HOUR

# An open alert that nothing confirms for so long is over, even if it spoke of a longer time.
EXPIRES_AFTER = timedelta(hours=6)
NOTABLY_LONGER = timedelta(hours=3)  # than what was said of the end


def decide_open(
    rule: Rule,
    snapshot: Snapshot,
    alert: OpenAlert,
    assessment: Assessment,
    marks: Marks,
    now: datetime,
) -> Transition | None:
    if not assessment.is_known:
        return _without_data(rule, snapshot, alert, assessment, now)
    if assessment.severity is None:
        return _recover(rule, snapshot, alert, assessment, marks, now)
    return _go_on(snapshot, alert, assessment, marks, now)


def _without_data(
    rule: Rule, snapshot: Snapshot, alert: OpenAlert, assessment: Assessment, now: datetime
) -> Transition | None:
    """Nothing stays confirmed for longer than the span it spoke of."""
    if rule.no_data_policy is NoDataPolicy.END:
        return _close(rule, snapshot, assessment, State.ENDED, Reason.NO_DATA, now)
    if now >= min(alert.confirmed_until_at, alert.confirmed_at + EXPIRES_AFTER):
        return _close(rule, snapshot, assessment, State.EXPIRED, Reason.NOT_CONFIRMED, now)
    if rule.no_data_policy is NoDataPolicy.KEEP or snapshot.state is State.NO_DATA:
        return None
    change = Change(snapshot.state, State.NO_DATA, Reason.DATA_LOST)
    return Transition(replace(snapshot, state=State.NO_DATA, since_at=now), assessment, change)


def _recover(
    rule: Rule,
    snapshot: Snapshot,
    alert: OpenAlert,
    assessment: Assessment,
    marks: Marks,
    now: datetime,
) -> Transition | None:
    is_waiting = snapshot.state is State.RECOVERING
    if not rule.keep_firing_minutes or (
        is_waiting and is_over(snapshot, rule.keep_firing_for, now)
    ):
        return _close(rule, snapshot, assessment, State.ENDED, Reason.CLEARED, now)
    confirmed = replace(
        alert, confirmed_at=now, confirmed_until_at=max(alert.confirmed_until_at, now)
    )
    if is_waiting:
        return _confirm(replace(snapshot, alert=confirmed, marks=marks), snapshot, assessment)
    after = Snapshot(State.RECOVERING, since_at=now, alert=confirmed, marks=marks)
    return Transition(after, assessment, Change(snapshot.state, State.RECOVERING, Reason.EASING))


def _go_on(
    snapshot: Snapshot, alert: OpenAlert, assessment: Assessment, marks: Marks, now: datetime
) -> Transition | None:
    after = fire(snapshot, assessment, marks, now)
    reason = _find_reason(snapshot, alert, assessment, now)
    if reason is None:
        return _confirm(_keep_told(after, alert), snapshot, assessment)
    return Transition(after, assessment, Change(snapshot.state, State.FIRING, reason))


def _find_reason(
    snapshot: Snapshot, alert: OpenAlert, assessment: Assessment, now: datetime
) -> Reason | None:
    severity, span = expect(assessment)
    if severity.rank != alert.severity.rank:
        return Reason.ESCALATED if severity.rank > alert.severity.rank else Reason.REDUCED
    if snapshot.state is not State.FIRING:
        return Reason.DATA_BACK if snapshot.state is State.NO_DATA else Reason.BACK
    # A window that moves on with the clock says "longer" every hour: it counts only when what was
    # said is nearly over, and much is to come.
    told_ends_at = alert.told_ends_at
    is_longer = (
        assessment.is_end_known
        and told_ends_at is not None
        and span.ends_at >= told_ends_at + NOTABLY_LONGER
    )
    if is_longer and told_ends_at is not None and now >= told_ends_at - HOUR:
        return Reason.EXTENDED
    return None


def _keep_told(after: Snapshot, alert: OpenAlert) -> Snapshot:
    """What the last change said of the end stays what was said."""
    if after.alert is None:
        return after
    return replace(after, alert=replace(after.alert, told_ends_at=alert.told_ends_at))


def _confirm(after: Snapshot, before: Snapshot, assessment: Assessment) -> Transition | None:
    """New facts that change nothing are noted; the same facts again are not."""
    return None if after.marks == before.marks else Transition(after, assessment)


def _close(
    rule: Rule,
    snapshot: Snapshot,
    assessment: Assessment,
    state: State,
    reason: Reason,
    now: datetime,
) -> Transition:
    after = Snapshot(State.REARMING, since_at=now) if rule.rearm_minutes else Snapshot()
    return Transition(after, assessment, Change(snapshot.state, state, reason))
