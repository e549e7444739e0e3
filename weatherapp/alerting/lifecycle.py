"""An alert's life: from its state and a verdict to the next step. Pure.

States: none -> ACTIVE <-> NO_DATA; ACTIVE -> ENDED; NO_DATA -> ENDED or EXPIRED. What is over
stays over: a new spell is a new alert.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from weatherapp.alerting.rules import Verdict

# A change that a reader would notice; smaller ones are not worth a line of history.
NOTABLE_CHANGE = 0.1


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of an open alert. Times are the place's clock."""

    state: str  # ACTIVE or NO_DATA
    confirmed_at: datetime  # last evaluation with data
    told_probability: float  # as the latest change that had one said


@dataclass(frozen=True, slots=True)
class Step:
    """One change: names of AlertState and ChangeReason."""

    new_state: str
    reason: str


def next_step(
    life: Life | None,
    verdict: Verdict,
    probability: float | None,
    *,
    now: datetime,
    expires_after: timedelta,
) -> Step | None:
    """The change that is due, or None. `life` None: no alert is open."""
    if life is None:
        return Step("ACTIVE", "REACHED") if verdict is Verdict.RAISE else None
    if verdict is Verdict.NO_DATA or probability is None:
        return _without_data(life, now=now, expires_after=expires_after)
    if verdict is Verdict.CLEAR:
        return Step("ENDED", "CLEARED")
    if life.state == "NO_DATA":
        return Step("ACTIVE", "DATA_BACK")
    if probability >= life.told_probability + NOTABLE_CHANGE:
        return Step("ACTIVE", "ROSE")
    if probability <= life.told_probability - NOTABLE_CHANGE:
        return Step("ACTIVE", "FELL")
    return None


def _without_data(life: Life, *, now: datetime, expires_after: timedelta) -> Step | None:
    if now - life.confirmed_at >= expires_after:
        return Step("EXPIRED", "TIMED_OUT")
    return Step("NO_DATA", "DATA_LOST") if life.state == "ACTIVE" else None
