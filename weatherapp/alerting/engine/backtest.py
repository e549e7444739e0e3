"""A rule tried on the past: the same decision hour by hour, and how good it would have been."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from weatherapp.alerting.engine.decide import decide
from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.hindsight import find_events
from weatherapp.alerting.engine.history import History, play_facts
from weatherapp.alerting.engine.meeting import meet
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.engine.snapshot import OPEN_STATES, OpenAlert, Snapshot
from weatherapp.alerting.engine.transition import Transition
from weatherapp.alerting.engine.verification import is_verifiable
from weatherapp.domain.cap import Severity
from weatherapp.domain.spans import HOUR, Span

HOURS_BETWEEN_WORDS = 200  # some milliseconds: progress, and a chance to stop


class BacktestStoppedError(Exception):
    """Whoever asked does not want to go on."""


@dataclass(frozen=True, slots=True)
class PastAlert:
    """One alert that would have been; `ends_at` None: still open at the end of the history.

    `spoke_until_at` is the furthest that it ever spoke of.
    """

    raised_at: datetime
    ends_at: datetime | None
    severity: Severity  # the worst
    spoke_until_at: datetime
    is_hit: bool = False


@dataclass(frozen=True, slots=True)
class PastEvent:
    """What the rule spoke of did happen; `lead` from the first alert for it, None: it was missed."""

    span: Span
    lead: timedelta | None = None

    @property
    def lead_hours(self) -> float | None:
        return None if self.lead is None else self.lead / HOUR


@dataclass(frozen=True, slots=True)
class Backtest:
    """How a rule would have done at one place."""

    hours: int
    hours_without_data: int
    firing_for: timedelta
    alerts: tuple[PastAlert, ...]
    events: tuple[PastEvent, ...]

    @property
    def hits(self) -> int:
        """Events that an alert was there for."""
        return len(self.events) - self.misses

    @property
    def misses(self) -> int:
        return sum(event.lead is None for event in self.events)

    @property
    def false_alarms(self) -> int:
        return sum(not alert.is_hit for alert in self.alerts)


def backtest(
    rules: Sequence[Rule], history: History, *, go_on: Callable[[int], bool] = lambda _: True
) -> list[Backtest]:
    """Play the history once for all rules. `go_on` hears how many hours are done.

    Raises BacktestStoppedError where that says no.
    """
    players = [_Player(rule) for rule in rules]
    for done, (now, facts) in enumerate(play_facts(history)):
        if done % HOURS_BETWEEN_WORDS == 0 and not go_on(done):
            raise BacktestStoppedError
        for player in players:
            player.hear(facts, now)
    return [player.score(history) for player in players]


def play(rule: Rule, history: History) -> Iterator[tuple[datetime, Transition]]:
    """What is decided, and when."""
    player = _Player(rule)
    for now, facts in play_facts(history):
        if (transition := player.hear(facts, now)) is not None:
            yield now, transition


class _Player:
    """One rule going through a history."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._snapshot = Snapshot()
        self._alerts: list[PastAlert] = []
        self._without_data = 0

    def hear(self, facts: Facts, now: datetime) -> Transition | None:
        """The hour's decision."""
        self._without_data += not all(facts.is_fresh(basis, now) for basis in self._rule.bases)
        transition = decide(self._rule, facts, self._snapshot, now)
        if transition is not None:
            _note(self._alerts, transition, self._snapshot, now)
            self._snapshot = transition.snapshot
        return transition

    def score(self, history: History) -> Backtest:
        """Of all hours heard, against what happened in them."""
        after, until = history.after_at, history.until_at
        events = find_events(self._rule, history.record, after=after, until=until)
        alerts, met = _meet(self._rule, self._alerts, events)
        return Backtest(
            hours=history.hours,
            hours_without_data=self._without_data,
            firing_for=sum(
                ((alert.ends_at or until) - alert.raised_at for alert in alerts), timedelta()
            ),
            alerts=alerts,
            events=met,
        )


def _note(alerts: list[PastAlert], transition: Transition, before: Snapshot, now: datetime) -> None:
    after = transition.snapshot
    if before.alert is None and after.alert is not None:
        alerts.append(PastAlert(now, None, after.alert.severity, _spoke_until(after.alert, now)))
    elif after.alert is not None:
        last = alerts[-1]
        alerts[-1] = replace(
            last,
            severity=max(last.severity, after.alert.severity, key=lambda one: one.rank),
            spoke_until_at=max(last.spoke_until_at, _spoke_until(after.alert, now)),
        )
    elif transition.change is not None and transition.change.old_state in OPEN_STATES:
        alerts[-1] = replace(alerts[-1], ends_at=now)


def _spoke_until(alert: OpenAlert, now: datetime) -> datetime:
    return max(alert.ends_at or now, now)


def _meet(
    rule: Rule, alerts: Sequence[PastAlert], spans: Sequence[Span]
) -> tuple[tuple[PastAlert, ...], tuple[PastEvent, ...]]:
    """Which alerts were there for which events; both are oldest first."""
    there = [
        Span(alert.raised_at, max(alert.spoke_until_at, alert.ends_at or alert.spoke_until_at))
        for alert in alerts
    ]
    meeting = meet(there, spans, tells_what_was=not is_verifiable(rule))
    scored = (
        replace(alert, is_hit=is_hit) for alert, is_hit in zip(alerts, meeting.hits, strict=True)
    )
    return tuple(scored), tuple(map(PastEvent, spans, meeting.leads))
