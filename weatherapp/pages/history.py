"""An alert's changes in plain words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from weatherapp.forecasting.explain import read_parts
from weatherapp.models import Alert, AlertChange, AlertState, ChangeReason
from weatherapp.models.evidence import StoredEvidence
from weatherapp.pages.combination import tell_parts
from weatherapp.pages.words import describe_hours, percent

TITLES: dict[str, str] = {
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
    """What a decision saw, in words; what was unknown says so."""

    saw: StoredEvidence

    @property
    def parts_words(self) -> str:
        parts = read_parts(self.saw)
        return tell_parts(parts) if parts else ""

    @property
    def chance(self) -> str:
        return UNKNOWN if self.saw.probability is None else percent(self.saw.probability, 1)

    @property
    def raises_at(self) -> str:
        return UNKNOWN if self.saw.threshold is None else percent(self.saw.threshold)

    @property
    def clears_below(self) -> str:
        return UNKNOWN if self.saw.clears_below is None else percent(self.saw.clears_below)

    @property
    def window_words(self) -> str:
        hours = self.saw.window_hours
        return f"{UNKNOWN} number of hours" if hours is None else describe_hours(hours)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    change: AlertChange
    title: str
    words: str
    evidence: Evidence


def tell_history(changes: Iterable[AlertChange]) -> tuple[HistoryLine, ...]:
    return tuple(tell_change(change) for change in changes)


def tell_change(change: AlertChange) -> HistoryLine:
    evidence = Evidence(change.read_evidence())
    title = TITLES.get(change.reason, "Changed")
    return HistoryLine(change, title, explain(change.reason, evidence), evidence)


def explain(reason: str, evidence: Evidence) -> str:
    """Why the alert changed, with the numbers that decided; "" for a later release's reason."""
    chance = f"The probability of any rain within the next {evidence.window_words}"
    sentences: dict[str, str] = {
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
    return sentences.get(reason, "")


def announce(change: AlertChange) -> str:
    """One sentence for a screen reader; `change.alert` has its rule and place."""
    alert = change.alert
    name = f"{alert.rule.name}, {alert.place.name}"
    if change.is_raise:
        return f"New alert: {name}."
    if change.is_end:
        return f"Alert over: {name}, {AlertState(change.new_state).label}."
    return f"Alert changed: {name}. {tell_change(change).words}".strip()


def describe_alert(alert: Alert, *, is_confirmed: bool) -> str:
    """The state as a heading says it."""
    if not alert.is_open:
        return {AlertState.ENDED.value: "Ended", AlertState.EXPIRED.value: "Expired without data"}[
            alert.state
        ]
    return "Active" if is_confirmed else "No data to confirm it"
