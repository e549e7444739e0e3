"""What an alert's page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from weatherapp.models import Alert
from weatherapp.pages.alert_line import AlertLine, make_alert_line
from weatherapp.pages.gauge import Gauge, draw_gauge
from weatherapp.pages.history import Evidence, HistoryLine, tell_history
from weatherapp.pages.replay import Replay, describe_replay, read_clocks
from weatherapp.pages.words import describe_rule


@dataclass(frozen=True, slots=True)
class AlertPage:
    line: AlertLine
    now: datetime  # the place's clock
    replay: Replay | None
    rule_words: str
    history: tuple[HistoryLine, ...]
    cause: Evidence | None  # what raised it
    cause_gauge: Gauge | None

    @property
    def alert(self) -> Alert:
        return self.line.alert

    @property
    def is_rule_changed(self) -> bool:
        """Whether the rule was edited since it raised this alert."""
        rule, cause = self.alert.rule, self.cause
        return cause is not None and (
            (rule.threshold, rule.margin, rule.window_hours)
            != (cause.threshold, cause.margin, cause.window_hours)
        )


def read_alert(alert: Alert, *, now: datetime) -> AlertPage:
    """`now` is real time; `alert` has its rule and place."""
    clocks = read_clocks(now)
    history = tell_history(alert.changes.order_by("changed_at", "pk"))
    cause = history[0].evidence if history else None
    return AlertPage(
        line=make_alert_line(alert, clocks),
        now=clocks.at(alert.place),
        replay=describe_replay(alert.place, clocks),
        rule_words=describe_rule(
            window_hours=alert.rule.window_hours,
            threshold=alert.rule.threshold,
            margin=alert.rule.margin,
        ),
        history=history,
        cause=cause,
        cause_gauge=_draw_cause(cause),
    )


def _draw_cause(cause: Evidence | None) -> Gauge | None:
    if cause is None or cause.probability is None or cause.threshold is None:
        return None
    return draw_gauge(cause.probability, threshold=cause.threshold, margin=cause.margin or 0.0)
