"""What an evaluation changes, collected and then written at once: a query a table, not a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from weatherapp.alerting import memory
from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.snapshot import Change, Reason, Snapshot, State
from weatherapp.alerting.engine.timing import find_next_check
from weatherapp.alerting.engine.transition import Transition
from weatherapp.alerting.evidence import write_evidence
from weatherapp.alerting.rulebook import RuleInForce
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Basis
from weatherapp.domain.hazards import find_hazard
from weatherapp.models import Alert, AlertChange, Place, RuleState

ALERT_FIELDS = (
    "state",
    "since_at",
    "severity",
    "peak_severity",
    "certainty",
    "onset_at",
    "ends_at",
    "told_ends_at",
    "ended_at",
    "confirmed_at",
    "confirmed_until_at",
    "marks",
    "evidence",
    "check_at",
    "hazard",
    "publish_at",
)
RULE_STATE_FIELDS = ("state", "since_at", "evaluations", "gates", "marks", "check_at")


@dataclass(frozen=True, slots=True)
class EvaluationContext:
    """A place that is evaluated: when, by its clock, and on what."""

    place: Place
    place_now: datetime
    facts: Facts


class Ledger:
    """`now` is real time."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._new_alerts: list[Alert] = []
        self._alerts: list[Alert] = []
        self._rule_states: list[RuleState] = []
        self._forgotten: list[int] = []
        self._changes: list[AlertChange] = []

    def note(
        self,
        context: EvaluationContext,
        rule: RuleInForce,
        transition: Transition | None,
        before: Snapshot,
        alert: Alert | None,
        rule_state: RuleState | None,
    ) -> None:
        """What was decided of one rule at one place."""
        if transition is None:
            self._look_later(context, rule, before, alert, rule_state)
            return
        if before.alert is not None or transition.snapshot.alert is not None:
            self._note_alert(context, rule, transition, alert)
        self._note_rule_state(context, rule, transition.snapshot, rule_state)

    def close(
        self,
        context: EvaluationContext,
        alert: Alert,
        reason: Reason,
        *,
        version_id: int,
        note: str = "",
    ) -> None:
        """End an alert for another reason than the weather; `version_id` is its rule's newest."""
        state = State.CANCELLED if reason is Reason.CANCELLED else State.ENDED
        change = Change(State(alert.state), state, reason)
        self._end(alert, state, context.place_now)
        self._add_change(context, alert, change, version_id, alert.evidence, note)

    def forget(self, rule_state: RuleState) -> None:
        """The rule is normal at the place, or no longer looks at it."""
        self._forgotten.append(rule_state.pk)

    def write(self) -> list[int]:
        """Store all of it; ids of the changes, in the order in which they were noted."""
        Alert.objects.bulk_create(self._new_alerts)
        if self._alerts:
            Alert.objects.bulk_update(self._alerts, ALERT_FIELDS)
        if self._rule_states:
            RuleState.objects.bulk_create(
                self._rule_states,
                update_conflicts=True,
                unique_fields=["rule", "place"],
                update_fields=RULE_STATE_FIELDS,
            )
        if self._forgotten:
            RuleState.objects.filter(pk__in=self._forgotten).delete()
        AlertChange.objects.bulk_create(self._changes)
        return [change.pk for change in self._changes]

    def _note_alert(
        self,
        context: EvaluationContext,
        rule: RuleInForce,
        transition: Transition,
        alert: Alert | None,
    ) -> None:
        after, change = transition.snapshot, transition.change
        if alert is None:
            alert = Alert(place=context.place, rule_id=rule.rule_id, raised_at=context.place_now)
            self._new_alerts.append(alert)
        else:
            self._alerts.append(alert)
        known = after.alert
        severity = known.severity if known else Severity(alert.severity)
        evidence = write_evidence(
            rule.says, context.facts, transition, rule_version=rule.number, severity=severity
        )
        if known is not None:
            is_known = transition.assessment.is_known
            certainty = transition.assessment.certainty.value if is_known else alert.certainty
            memory.write_alert(alert, after, certainty=certainty)
            alert.evidence = evidence if is_known else alert.evidence
            alert.check_at = self._find_check(context, rule, after)
            if change is not None:
                alert.hazard = _find_hazard(rule, alert)
        elif change is not None:
            self._end(alert, change.new_state, context.place_now)
        if change is not None:
            self._add_change(context, alert, change, rule.version_id, evidence, "")

    def _note_rule_state(
        self,
        context: EvaluationContext,
        rule: RuleInForce,
        after: Snapshot,
        rule_state: RuleState | None,
    ) -> None:
        if after.alert is not None or after.state is State.NORMAL:
            if rule_state is not None:
                self.forget(rule_state)
            return
        self._rule_states.append(
            RuleState(
                rule_id=rule.rule_id,
                place=context.place,
                check_at=self._find_check(context, rule, after),
                **memory.rule_state_fields(after),
            )
        )

    def _look_later(
        self,
        context: EvaluationContext,
        rule: RuleInForce,
        before: Snapshot,
        alert: Alert | None,
        rule_state: RuleState | None,
    ) -> None:
        """Time has changed nothing: what was due is due again later."""
        row = alert or rule_state
        if row is None or row.check_at is None or row.check_at > self._now:
            return
        row.check_at = self._find_check(context, rule, before)
        if isinstance(row, Alert):
            self._alerts.append(row)
        else:
            self._rule_states.append(row)

    def _find_check(
        self, context: EvaluationContext, rule: RuleInForce, snapshot: Snapshot
    ) -> datetime:
        """In real time, which a replay's clock runs beside."""
        at = find_next_check(rule.says, snapshot, now=context.place_now)
        return self._now + (at - context.place_now)

    def _end(self, alert: Alert, state: State, at: datetime) -> None:
        alert.state, alert.since_at, alert.ended_at, alert.check_at = state.value, at, at, None
        if alert not in self._alerts:
            self._alerts.append(alert)

    def _add_change(
        self,
        context: EvaluationContext,
        alert: Alert,
        change: Change,
        version_id: int,
        evidence: dict[str, object],
        note: str,
    ) -> None:
        is_raise = change.reason is Reason.RAISED
        alert.publish_at = self._now
        prediction = context.facts.prediction
        self._changes.append(
            AlertChange(
                alert=alert,
                old_state="" if is_raise else change.old_state.value,
                new_state=change.new_state.value,
                reason=change.reason.value,
                severity=alert.severity,
                onset_at=alert.onset_at,
                ends_at=alert.ends_at,
                changed_at=context.place_now,
                created_at=self._now,
                rule_version_id=version_id,
                evidence=evidence,
                note=note,
                prediction_id=prediction.prediction_id
                if prediction and Basis.PROBABILITY.value in alert.marks
                else None,
            )
        )


def _find_hazard(rule: RuleInForce, alert: Alert) -> str:
    leading = alert.read_evidence().leading
    codes = leading.codes if leading else []
    return find_hazard(rule.says.conditions, Severity(alert.severity), codes).value
