"""States of an alert and of a rule before it, and the reasons of changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Basis


class State(StrEnum):
    """Of a rule at a place. The first three are without an open alert, the last three are its ends."""

    NORMAL = "NORMAL"
    PENDING = "PENDING"  # it holds, but a gate keeps the alert back
    REARMING = "REARMING"  # an alert is over, and the next one must wait
    FIRING = "FIRING"
    RECOVERING = "RECOVERING"  # it holds no longer, but the alert waits a while
    NO_DATA = "NO_DATA"
    ENDED = "ENDED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


OPEN_STATES = (State.FIRING, State.RECOVERING, State.NO_DATA)
CLOSED_STATES = (State.ENDED, State.EXPIRED, State.CANCELLED)


class Reason(StrEnum):
    """Why an alert changed."""

    RAISED = "RAISED"
    ESCALATED = "ESCALATED"
    REDUCED = "REDUCED"
    EXTENDED = "EXTENDED"  # it goes on for longer than was said
    EASING = "EASING"  # it holds no longer; the alert waits a while
    BACK = "BACK"  # it holds again while the alert waited
    DATA_LOST = "DATA_LOST"
    DATA_BACK = "DATA_BACK"
    CLEARED = "CLEARED"
    NOT_CONFIRMED = "NOT_CONFIRMED"  # nothing confirmed it for too long
    NO_DATA = "NO_DATA"  # facts are missing, and the rule says that this ends it
    RULE_OFF = "RULE_OFF"
    PLACE_OFF = "PLACE_OFF"  # the place is no longer watched, or the rule's no longer
    CANCELLED = "CANCELLED"  # by an operator


class Gate(StrEnum):
    """What keeps an alert back although the rule holds."""

    PENDING = "PENDING"
    REARMING = "REARMING"
    OUT_OF_SEASON = "OUT_OF_SEASON"


Marks = dict[Basis, datetime]


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """What is known of it. `ends_at`, and what the last change said of it, None: nobody knows."""

    severity: Severity
    onset_at: datetime
    ends_at: datetime | None
    told_ends_at: datetime | None
    confirmed_at: datetime  # last evaluation that had data
    confirmed_until_at: datetime  # the end of the span that it spoke of


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is remembered of a rule at a place; the default is that of one that is normal.

    `since_at` is when the state began; `evaluations` how often in a row the rule held while
    pending; `gates` what has kept the alert back since then; `marks` of when the facts were that
    were looked at last.
    """

    state: State = State.NORMAL
    since_at: datetime | None = None
    evaluations: int = 0
    gates: frozenset[Gate] = frozenset()
    alert: OpenAlert | None = None
    marks: Marks = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of an alert's history."""

    old_state: State
    new_state: State
    reason: Reason
