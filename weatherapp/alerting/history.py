"""Writes an alert's life: each step is one AlertChange row with what the decision saw."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from weatherapp.alerting.lifecycle import Step
from weatherapp.models import Alert, AlertChange, AlertState, ChangeReason, Prediction, Rule
from weatherapp.models.alert import OPEN_STATES


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a place is evaluated, and on what; `prediction` None: there is no fresh one."""

    now: datetime  # real time
    place_now: datetime  # by the place's clock
    prediction: Prediction | None

    def probability(self, rule: Rule) -> float | None:
        """What the rule looks at, 0..1."""
        return self.prediction.probability_within(rule.window_hours) if self.prediction else None


def raise_alert(rule: Rule, step: Step, occasion: Occasion) -> AlertChange:
    """Open an alert for `rule`; the occasion has a prediction, or nothing would be raised."""
    probability = occasion.probability(rule) or 0.0
    alert = Alert.objects.create(
        place_id=rule.place_id,
        rule=rule,
        state=step.new_state,
        raised_at=occasion.place_now,
        confirmed_at=occasion.place_now,
        probability=probability,
        peak_probability=probability,
    )
    return _record(alert, "", rule, step, occasion)


def move(alert: Alert, rule: Rule, step: Step, occasion: Occasion) -> AlertChange:
    """Take the alert to its next state."""
    old_state, alert.state = alert.state, step.new_state
    if alert.state not in OPEN_STATES:
        alert.ended_at = occasion.place_now
    alert.save(update_fields=["state", "ended_at"])
    return _record(alert, old_state, rule, step, occasion)


def close(alert: Alert, rule: Rule, occasion: Occasion) -> AlertChange:
    """End the alert of a rule that was switched off."""
    return move(alert, rule, Step(AlertState.ENDED, ChangeReason.RULE_OFF), occasion)


def confirm(alert: Alert, probability: float, occasion: Occasion) -> None:
    """Note the newest probability of an alert that goes on."""
    alert.probability = probability
    alert.peak_probability = max(alert.peak_probability, probability)
    alert.confirmed_at = occasion.place_now
    alert.save(update_fields=["probability", "peak_probability", "confirmed_at"])


def last_told(alert: Alert) -> float:
    """The probability in the newest change that had one: what readers were told, 0..1."""
    for change in alert.changes.order_by("-pk"):
        if (probability := change.read_evidence().probability) is not None:
            return probability
    return alert.probability


def _make_evidence(rule: Rule, prediction: Prediction | None) -> dict[str, Any]:
    """What a decision saw, as plain JSON: see AlertChange."""
    known: dict[str, Any] = dict.fromkeys(
        (
            "probability",
            "window_end_at",
            "model_name",
            "model_version",
            "prediction_id",
            "request_id",
            "parts",
        )
    )
    if prediction is not None:
        known = {
            "probability": prediction.probability_within(rule.window_hours),
            "window_end_at": prediction.window_end_at.isoformat(),
            "model_name": prediction.model_name,
            "model_version": prediction.model_version,
            "prediction_id": prediction.pk,
            "request_id": str(prediction.request_id),
            "parts": _make_parts(rule, prediction),
        }
    return {
        "threshold": rule.threshold,
        "margin": rule.margin,
        "window_hours": rule.window_hours,
        **known,
    }


def _make_parts(rule: Rule, prediction: Prediction) -> dict[str, Any] | None:
    """What the probability was combined from; None where it is the model's own."""
    combination = prediction.read_combination()
    if combination is None:
        return None
    return {
        "model_probability": prediction.model_probability_within(rule.window_hours),
        "source": combination.source,
        "source_issued_at": combination.issued_at,
        "source_peak_probability": combination.peak_within(rule.window_hours),
        "weights": [
            asdict(weight)
            for weight in combination.weights
            if weight.first_lead_hours <= rule.window_hours
        ],
    }


def _record(
    alert: Alert, old_state: str, rule: Rule, step: Step, occasion: Occasion
) -> AlertChange:
    return AlertChange.objects.create(
        alert=alert,
        old_state=old_state,
        new_state=step.new_state,
        reason=step.reason,
        changed_at=occasion.place_now,
        created_at=occasion.now,
        prediction=occasion.prediction,
        evidence=_make_evidence(rule, occasion.prediction),
    )
