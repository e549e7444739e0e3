"""What an alert's page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from weatherapp.alerting.engine.rule import Rule as EngineRule
from weatherapp.alerting.rulebook import read_version
from weatherapp.models import Alert, AlertChange, RuleVersion
from weatherapp.models.evidence import ConditionSeen
from weatherapp.pages.alert_line import AlertLine, describe_worst_code, make_alert_line
from weatherapp.pages.history import HistoryLine, tell_history
from weatherapp.pages.replay import Replay, describe_replay, read_clocks
from weatherapp.pages.seen_chart import SeenChart, draw_seen
from weatherapp.pages.seen_parts import SeenParts, find_parts
from weatherapp.pages.versions import Version


@dataclass(frozen=True, slots=True)
class ConditionStory:
    """One condition of what raised the alert."""

    seen: ConditionSeen
    chart: SeenChart | None

    @property
    def weather(self) -> str:
        return describe_worst_code(self.seen)

    @property
    def parts(self) -> SeenParts | None:
        return find_parts(self.seen)


@dataclass(frozen=True, slots=True)
class AlertPage:
    line: AlertLine
    now: datetime  # the place's clock
    replay: Replay | None
    says: EngineRule | None  # as the rule is now
    version: RuleVersion | None  # the newest
    history: tuple[HistoryLine, ...]

    @property
    def alert(self) -> Alert:
        return self.line.alert

    @property
    def cause(self) -> HistoryLine | None:
        """What raised it."""
        return self.history[0] if self.history else None

    @property
    def last(self) -> AlertChange | None:
        return self.history[-1].change if self.history else None

    @property
    def why(self) -> tuple[ConditionStory, ...]:
        if self.cause is None:
            return ()
        said, zone = read_version(self.cause.change.rule_version), self.alert.place.zone
        conditions = self.cause.evidence.conditions
        return tuple(ConditionStory(seen, draw_seen(seen, said, zone)) for seen in conditions)

    @property
    def is_rule_changed(self) -> bool:
        """Whether the rule was edited since it raised this alert."""
        cause, version = self.cause, self.version
        return (
            cause is not None and version is not None and cause.change.rule_version_id != version.pk
        )


def read_alert(alert: Alert, *, now: datetime, version: Version) -> AlertPage:
    """`now` is real time; `alert` has its rule and place."""
    clocks = read_clocks(now, scene_mark=version.scene)
    newest = alert.rule.versions.order_by("-number").first()
    changes = alert.changes.select_related("rule_version").order_by("changed_at", "pk")
    return AlertPage(
        line=make_alert_line(alert, clocks),
        now=clocks.at(alert.place),
        replay=describe_replay(alert.place, clocks),
        says=read_version(newest) if newest else None,
        version=newest,
        history=tell_history(changes),
    )
