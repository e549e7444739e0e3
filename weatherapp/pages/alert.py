"""What an alert's page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from weatherapp.alerting.engine.rule import Rule as EngineRule
from weatherapp.alerting.rulebook import read_version
from weatherapp.domain.cap import Certainty
from weatherapp.domain.conditions import Basis
from weatherapp.models import Alert, AlertChange, RuleVersion
from weatherapp.models.evidence import ConditionSeen
from weatherapp.official.reading import list_at_place
from weatherapp.pages.alert_line import AlertLine, describe_worst_code, make_alert_line
from weatherapp.pages.announcements import News, read_announcements
from weatherapp.pages.history import HistoryLine, tell_history
from weatherapp.pages.official import name_beside
from weatherapp.pages.replay import Replay, describe_replay, read_clocks
from weatherapp.pages.seen_chart import SeenChart, draw_seen
from weatherapp.pages.seen_parts import SeenParts, find_parts
from weatherapp.pages.versions import Version


class Sureness(StrEnum):
    """How sure an alert is; alert/sure.html has the words."""

    MEASURED = "MEASURED"
    CHANCE = "CHANCE"  # a probability says it
    LIKELY = "LIKELY"
    POSSIBLE = "POSSIBLE"
    UNCONFIRMED = "UNCONFIRMED"


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
    real_now: datetime
    replay: Replay | None
    says: EngineRule | None  # as the rule is now
    said: EngineRule | None  # as the rule was when it raised this alert
    version: RuleVersion | None  # the newest
    history: tuple[HistoryLine, ...]
    seen: int
    announcements: News

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
        said, zone = self.said, self.alert.place.zone
        conditions = self.cause.evidence.conditions
        return tuple(ConditionStory(seen, draw_seen(seen, said, zone)) for seen in conditions)

    @property
    def sureness(self) -> Sureness:
        seen = self.line.seen
        if not self.line.is_confirmed or seen is None:
            return Sureness.UNCONFIRMED
        if seen.basis is Basis.MEASURED:
            return Sureness.MEASURED
        if seen.basis is Basis.PROBABILITY:
            return Sureness.CHANCE
        is_likely = self.alert.certainty == Certainty.LIKELY
        return Sureness.LIKELY if is_likely else Sureness.POSSIBLE

    @property
    def times_in_ten(self) -> int | None:
        """Of ten such probabilities, how many come true; None where it would be none or all."""
        seen = self.line.seen
        times = round(10 * seen.value) if seen and seen.value is not None else 0
        return times if 0 < times < 10 else None

    @property
    def instruction(self) -> str:
        """The template that says what to do."""
        return f"instructions/{self.alert.hazard.lower()}.html"

    @property
    def is_rule_changed(self) -> bool:
        """Whether the rule was edited since it raised this alert."""
        cause, version = self.cause, self.version
        return (
            cause is not None and version is not None and cause.change.rule_version_id != version.pk
        )


def read_alert(
    alert: Alert, *, now: datetime, version: Version, seen: int | None = None
) -> AlertPage:
    """`now` is real time, `seen` the newest change that the reader knows of.

    `alert` has its rule and place.
    """
    clocks = read_clocks(now, scene_mark=version.scene)
    newest = alert.rule.versions.order_by("-number").first()
    changes = alert.changes.select_related("rule_version").order_by("changed_at", "pk")
    history = tell_history(changes)
    standings = list_at_place(alert.place_id, now) if version.official and alert.is_open else ()
    return AlertPage(
        line=name_beside(make_alert_line(alert, clocks), standings, now),
        now=clocks.at(alert.place),
        real_now=now,
        replay=describe_replay(alert.place, clocks),
        says=read_version(newest) if newest else None,
        said=read_version(history[0].change.rule_version) if history else None,
        version=newest,
        history=history,
        seen=version.newest_change_id,
        announcements=read_announcements(seen, alert=alert),
    )
