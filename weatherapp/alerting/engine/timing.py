"""When time alone may change something: until then nobody needs to look without new facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from weatherapp.alerting.engine.during import EXPIRES_AFTER
from weatherapp.alerting.engine.facts import FRESH
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.engine.snapshot import Snapshot, State

SOON = timedelta(minutes=1)
LATEST = timedelta(hours=24)  # whatever was thought of: look at least once a day


def find_next_check(rule: Rule, snapshot: Snapshot, *, now: datetime) -> datetime:
    """The first moment after `now` (the place's clock) of those that matter to the snapshot."""
    moments = [at for at in _moments(rule, snapshot) if at > now]
    return min([*moments, now + LATEST])


def _moments(rule: Rule, snapshot: Snapshot) -> Iterator[datetime]:
    for basis, made_at in snapshot.marks.items():
        yield made_at + FRESH[basis] + SOON  # from then on it is no data
    if snapshot.alert is not None:
        yield snapshot.alert.confirmed_until_at
        yield snapshot.alert.confirmed_at + EXPIRES_AFTER
    period = _find_period(rule, snapshot.state)
    if snapshot.since_at is not None and period is not None:
        yield snapshot.since_at + period


def _find_period(rule: Rule, state: State) -> timedelta | None:
    """How long the state lasts by itself."""
    return {
        State.PENDING: rule.pending_period,
        State.REARMING: rule.rearm_after,
        State.RECOVERING: rule.keep_firing_for,
    }.get(state)
