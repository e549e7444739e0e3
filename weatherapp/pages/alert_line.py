"""An alert as lists and its own page show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from weatherapp.display.weather_codes import describe_weather
from weatherapp.domain.cap import Severity, Urgency
from weatherapp.domain.conditions import Aggregation
from weatherapp.models import Alert, AlertState
from weatherapp.models.evidence import ConditionSeen, Evidence
from weatherapp.pages.replay import Clocks

if TYPE_CHECKING:
    from weatherapp.pages.official import ShownWarning


@dataclass(frozen=True, slots=True)
class AlertLine:
    """`alert` has its rule and place."""

    alert: Alert
    now: datetime  # the place's clock
    evidence: Evidence
    beside: tuple[ShownWarning, ...] = ()  # official warnings of the same kind and hours

    @property
    def is_confirmed(self) -> bool:
        """Whether data says that it holds, and of a time that is not over."""
        return self.alert.state != AlertState.NO_DATA and self.alert.is_confirmed(self.now)

    @property
    def has_begun(self) -> bool:
        return self.alert.onset_at <= self.now

    @property
    def css_class(self) -> str:
        if not self.alert.is_open:
            return "over"
        return "active" if self.is_confirmed else "no-data"

    @property
    def urgency(self) -> Urgency:
        return self.alert.urgency(self.now)

    @property
    def seen(self) -> ConditionSeen | None:
        """What the headline speaks of."""
        return self.evidence.leading

    @property
    def weather(self) -> str:
        """The worst weather code that was seen, in words; empty for other quantities."""
        return describe_worst_code(self.seen)


def make_alert_line(alert: Alert, clocks: Clocks) -> AlertLine:
    return AlertLine(alert, clocks.at(alert.place), alert.read_evidence())


def describe_worst_code(seen: ConditionSeen | None) -> str:
    """In words; empty where the condition is not of weather codes."""
    if seen is None or seen.aggregation is not Aggregation.ANY_CODE or not seen.hours:
        return ""
    return describe_weather(max(value for _, value in seen.hours))


def sort_worst_first(lines: Iterable[AlertLine]) -> tuple[AlertLine, ...]:
    """Confirmed before unconfirmed, then the more severe, then the sooner."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                not line.is_confirmed,
                -Severity(line.alert.severity).rank,
                line.alert.onset_at,
                line.alert.pk,
            ),
        )
    )
