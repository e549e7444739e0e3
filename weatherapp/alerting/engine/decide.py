"""The one decision: what becomes of a rule at a place, now that these facts are known."""

from __future__ import annotations

from datetime import datetime

from weatherapp.alerting.engine.assessment import assess
from weatherapp.alerting.engine.before import decide_closed
from weatherapp.alerting.engine.during import decide_open
from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.engine.snapshot import Marks, Snapshot
from weatherapp.alerting.engine.transition import Transition


def decide(rule: Rule, facts: Facts, snapshot: Snapshot, now: datetime) -> Transition | None:
    """None: nothing is to be stored. `now` is the place's clock.

    The same facts twice, or older ones than were looked at already, change nothing but what time
    alone changes.
    """
    marks = _read_marks(rule, facts, snapshot)
    if marks is None:
        return None
    current = snapshot.alert.severity if snapshot.alert else None
    assessment = assess(rule, facts, now=now, current=current)
    if snapshot.alert is None:
        return decide_closed(rule, facts, snapshot, assessment, marks, now)
    return decide_open(rule, snapshot, snapshot.alert, assessment, marks, now)


def _read_marks(rule: Rule, facts: Facts, snapshot: Snapshot) -> Marks | None:
    """Of when the facts are; None where some are older than those of last time."""
    marks = dict(snapshot.marks)
    for basis in rule.bases:
        made_at = facts.made_at(basis)
        if made_at is None:
            continue
        if basis in marks and made_at < marks[basis]:
            return None
        marks[basis] = made_at
    return marks
