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
        if self.cause is None:
            return False
        rule, saw = self.alert.rule, self.cause.saw
        pairs = (
            (rule.threshold, saw.threshold),
            (rule.margin, saw.margin),
            (rule.window_hours, saw.window_hours),
        )
        return any(then is not None and then != today for today, then in pairs)


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
    if cause is None or cause.saw.probability is None or cause.saw.threshold is None:
        return None
    return draw_gauge(
        cause.saw.probability, threshold=cause.saw.threshold, margin=cause.saw.margin or 0.0
    )
