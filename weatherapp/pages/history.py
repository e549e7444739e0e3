"""An alert's changes in plain words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from weatherapp.forecasting.explain import Parts, read_parts
from weatherapp.models import Alert, AlertChange, AlertState, ChangeReason
from weatherapp.pages.combination import tell_parts
from weatherapp.pages.words import describe_hours, percent

TITLES = {
    ChangeReason.REACHED: "Raised",
    ChangeReason.ROSE: "Rose",
    ChangeReason.FELL: "Fell, still active",
    ChangeReason.DATA_LOST: "No data",
    ChangeReason.DATA_BACK: "Data is back",
    ChangeReason.CLEARED: "Ended",
    ChangeReason.TIMED_OUT: "Expired",
    ChangeReason.RULE_OFF: "Switched off",
}
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a decision saw; None where it was unknown."""

    probability: float | None
    threshold: float | None
    margin: float | None
    window_hours: int | None
    window_end_at: datetime | None
    model_name: str
    model_version: str
    request_id: str
    parts: Parts | None = None

    @property
    def parts_words(self) -> str:
        return tell_parts(self.parts) if self.parts else ""

    @property
    def chance(self) -> str:
        return UNKNOWN if self.probability is None else percent(self.probability, 1)

    @property
    def raises_at(self) -> str:
        return UNKNOWN if self.threshold is None else percent(self.threshold)

    @property
    def clears_below(self) -> str:
        if self.threshold is None or self.margin is None:
            return UNKNOWN
        return percent(max(self.threshold - self.margin, 0.0))

    @property
    def window_words(self) -> str:
        return UNKNOWN if self.window_hours is None else describe_hours(self.window_hours)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    change: AlertChange
    title: str
    words: str
    evidence: Evidence


def read_evidence(stored: dict[str, Any]) -> Evidence:
    window_end_at = stored.get("window_end_at")
    return Evidence(
        probability=stored.get("probability"),
        threshold=stored.get("threshold"),
        margin=stored.get("margin"),
        window_hours=stored.get("window_hours"),
        window_end_at=datetime.fromisoformat(window_end_at) if window_end_at else None,
        model_name=stored.get("model_name") or "",
        model_version=stored.get("model_version") or "",
        request_id=stored.get("request_id") or "",
        parts=read_parts(stored),
    )


def tell_history(changes: Iterable[AlertChange]) -> tuple[HistoryLine, ...]:
    return tuple(tell_change(change) for change in changes)


def tell_change(change: AlertChange) -> HistoryLine:
    evidence = read_evidence(change.evidence)
    reason = ChangeReason(change.reason)
    return HistoryLine(change, TITLES[reason], explain(reason, evidence), evidence)


def explain(reason: ChangeReason, evidence: Evidence) -> str:
    """Why the alert changed, with the numbers that decided."""
    chance = f"The probability of any rain within the next {evidence.window_words}"
    sentences = {
        ChangeReason.REACHED: f"{chance} reached {evidence.chance}; "
        f"the rule raises at {evidence.raises_at}.",
        ChangeReason.ROSE: f"{chance} rose to {evidence.chance}.",
        ChangeReason.FELL: f"{chance} fell to {evidence.chance}; "
        f"the alert ends only below {evidence.clears_below}.",
        ChangeReason.DATA_LOST: "There is no fresh prediction. The alert stays, "
        "but nothing confirms it any more.",
        ChangeReason.DATA_BACK: f"There are predictions again. {chance} is {evidence.chance}.",
        ChangeReason.CLEARED: f"{chance} fell to {evidence.chance}, "
        f"below the {evidence.clears_below} at which the rule ends an alert.",
        ChangeReason.TIMED_OUT: "No fresh prediction for too long: nobody knows whether this "
        "still holds. It does not mean that the rain is over.",
        ChangeReason.RULE_OFF: "The operator switched the rule off.",
    }
    return sentences[reason]


def announce(change: AlertChange) -> str:
    """One sentence for a screen reader; `change.alert` has its rule and place."""
    alert = change.alert
    name = f"{alert.rule.name}, {alert.place.name}"
    if change.is_raise:
        return f"New alert: {name}."
    if change.is_end:
        return f"Alert over: {name}, {AlertState(change.new_state).label}."
    return f"Alert changed: {name}. {explain(ChangeReason(change.reason), read_evidence(change.evidence))}"


def describe_alert(alert: Alert, *, is_confirmed: bool) -> str:
    """The state as a heading says it."""
    if not alert.is_open:
        return {AlertState.ENDED.value: "Ended", AlertState.EXPIRED.value: "Expired without data"}[
            alert.state
        ]
    return "Active" if is_confirmed else "No data to confirm it"
