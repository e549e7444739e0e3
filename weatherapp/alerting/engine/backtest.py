"""A rule tried on the past: the same decision hour by hour, and how good it would have been."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from statistics import median

from weatherapp.alerting.engine.decide import decide
from weatherapp.alerting.engine.facts import Facts, Forecast, Measured, Prediction
from weatherapp.alerting.engine.hindsight import find_events
from weatherapp.alerting.engine.life import OPEN_STATES, OpenAlert, Snapshot
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.engine.transition import Transition
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Comparison, Condition, Level
from weatherapp.domain.series import Series
from weatherapp.domain.spans import HOUR, Span

HOURS_BETWEEN_WORDS = 500  # progress, and a chance to stop


class BacktestCancelledError(Exception):
    """Whoever asked does not want to know any more."""


@dataclass(frozen=True, slots=True)
class History:
    """What is stored of one place: `forecasts` and `predictions` oldest first, as they were made.

    Hours in (after_at, until_at] are played; `record` may begin before.
    """

    record: Series
    after_at: datetime
    until_at: datetime
    forecasts: Sequence[Forecast] = ()
    predictions: Sequence[Prediction] = ()
    zone: tzinfo = UTC


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
class Backtest:
    """How a rule would have done at one place. An event without an alert is a miss."""

    hours: int
    hours_without_data: int
    alerts: tuple[PastAlert, ...]
    events: tuple[Span, ...]
    missed: tuple[Span, ...]
    median_lead: timedelta | None  # from the raising to the event's beginning, of hits

    @property
    def hits(self) -> int:
        """Events that an alert was there for."""
        return len(self.events) - len(self.missed)

    @property
    def false_alarms(self) -> int:
        return sum(not alert.is_hit for alert in self.alerts)


def backtest(
    rule: Rule, history: History, *, go_on: Callable[[int], bool] = lambda _: True
) -> Backtest:
    """Play the history. `go_on` hears how many hours are done. Raises BacktestCancelledError."""
    alerts: list[PastAlert] = []
    unknown = 0
    for done, (now, transition, snapshot, is_known) in enumerate(play(rule, history)):
        unknown += not is_known
        if transition is not None:
            _note(alerts, transition, snapshot, now)
        if done % HOURS_BETWEEN_WORDS == 0 and not go_on(done):
            raise BacktestCancelledError
    events = find_events(rule, history.record, after=history.after_at, until=history.until_at)
    return _score(history, alerts, events, unknown)


def play(
    rule: Rule, history: History
) -> Iterator[tuple[datetime, Transition | None, Snapshot, bool]]:
    """Each hour: its time, what was decided, what was remembered before, whether facts were there."""
    runs = [forecast.run_at for forecast in history.forecasts]
    windows = [prediction.window_end_at for prediction in history.predictions]
    snapshot = Snapshot()
    for step in range(1, (history.until_at - history.after_at) // HOUR + 1):
        now = history.after_at + step * HOUR
        facts = _facts_at(history, runs, windows, now)
        transition = decide(rule, facts, snapshot, now)
        yield now, transition, snapshot, all(facts.is_fresh(basis, now) for basis in rule.bases)
        if transition is not None:
            snapshot = transition.snapshot


def _facts_at(
    history: History, runs: list[datetime], windows: list[datetime], now: datetime
) -> Facts:
    run, window = bisect_right(runs, now), bisect_right(windows, now)
    newest_at = _find_newest(history.record, now)
    return Facts(
        measured=Measured(history.record, newest_at) if newest_at else None,
        forecast=history.forecasts[run - 1] if run else None,
        prediction=history.predictions[window - 1] if window else None,
        zone=history.zone,
    )


def _find_newest(record: Series, now: datetime) -> datetime | None:
    """The newest hour of which anything is known, if it is one of the last few."""
    index = (now - record.first_at) // HOUR
    for back in range(4):
        if index - back >= 0 and any(
            index - back < len(column) and column[index - back] is not None
            for column in record.columns.values()
        ):
            return record.first_at + (index - back) * HOUR
    return None


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


def _score(history: History, alerts: list[PastAlert], events: list[Span], unknown: int) -> Backtest:
    scored = tuple(
        replace(alert, is_hit=any(_meets(alert, one) for one in events)) for alert in alerts
    )
    leads = [_lead(scored, event) for event in events]
    known_leads = [lead.total_seconds() for lead in leads if lead is not None]
    return Backtest(
        hours=(history.until_at - history.after_at) // HOUR,
        hours_without_data=unknown,
        alerts=scored,
        events=tuple(events),
        missed=tuple(event for event, lead in zip(events, leads, strict=True) if lead is None),
        median_lead=timedelta(seconds=median(known_leads)) if known_leads else None,
    )


def _meets(alert: PastAlert, event: Span) -> bool:
    """Whether the alert was open, or had spoken of hours, while the event was."""
    last_at = max(alert.spoke_until_at, alert.ends_at or alert.spoke_until_at)
    return alert.raised_at <= event.ends_at and event.starts_at <= last_at


def _lead(alerts: Sequence[PastAlert], event: Span) -> timedelta | None:
    """How long before its beginning the first alert came that met it; None: a miss."""
    met = [alert for alert in alerts if _meets(alert, event)]
    return max(event.starts_at - met[0].raised_at, timedelta(0)) if met else None


def shift(rule: Rule, steps: int) -> Rule:
    """The same rule with its thresholds `steps` steps harder to reach (below 0: easier)."""
    return replace(rule, conditions=tuple(_shift(one, steps) for one in rule.conditions))


def _shift(condition: Condition, steps: int) -> Condition:
    if condition.aggregation is Aggregation.ANY_CODE:
        return condition
    by = steps * condition.quantity.step
    if condition.comparison is Comparison.AT_MOST:
        by = -by
    return replace(
        condition, levels=tuple(_shift_level(condition, one, by) for one in condition.levels)
    )


def _shift_level(condition: Condition, level: Level, by: float) -> Level:
    """Shares stay within 0 and 1."""
    threshold, recovery = level.threshold + by, level.recovery_threshold + by
    if condition.quantity.high == 1.0:
        threshold, recovery = (min(max(value, 0.01), 0.99) for value in (threshold, recovery))
    return replace(level, threshold=threshold, recovery_threshold=recovery)
