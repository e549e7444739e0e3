"""What a try on the past came to, as it is stored: numbers that can be added up, and what to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from weatherapp.alerting.engine.backtest import Backtest, PastAlert, PastEvent
from weatherapp.domain.cap import Severity
from weatherapp.domain.spans import Span

VERSION = 1
MOST_SHOWN = 400  # alerts, and events, of one place: a year of daily ones
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Score:
    """How one rule did; `leads` counts the hits by minutes of lead."""

    hours: int = 0
    hours_without_data: int = 0
    firing_minutes: int = 0
    alerts: int = 0
    false_alarms: int = 0
    events: int = 0
    hits: int = 0
    leads: Counter[int] = field(default_factory=Counter)

    @property
    def misses(self) -> int:
        return self.events - self.hits

    @property
    def firing_hours(self) -> float:
        return self.firing_minutes / 60

    @property
    def firing_share(self) -> float:
        """Of all hours, 0..1."""
        return self.firing_hours / self.hours if self.hours else 0.0

    @property
    def hit_share(self) -> float:
        """Of all events, 0..1."""
        return self.hits / self.events if self.events else 0.0

    @property
    def median_lead_hours(self) -> float | None:
        """Of hits."""
        return median(self.leads.elements()) / 60 if self.leads else None

    def __add__(self, other: Score) -> Score:
        sums = {name: getattr(self, name) + getattr(other, name) for name in _NUMBERS}
        return Score(**sums, leads=self.leads + other.leads)


_NUMBERS = (
    "hours",
    "hours_without_data",
    "firing_minutes",
    "alerts",
    "false_alarms",
    "events",
    "hits",
)


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """Of one place: a score by steps of the thresholds; alerts and events of the rule as tried.

    Of more than MOST_SHOWN alerts or events the first ones are kept; the scores count all.
    """

    scores: Mapping[int, Score]
    alerts: Sequence[PastAlert] = ()
    events: Sequence[PastEvent] = ()


def write_result(steps: Sequence[int], results: Sequence[Backtest]) -> dict[str, Any]:
    """Plain JSON; one of the `steps` is 0."""
    by_steps = dict(zip(steps, results, strict=True))
    tried = by_steps[0]
    return {
        "version": VERSION,
        "scores": {str(step): _write_score(_score(result)) for step, result in by_steps.items()},
        "alerts": [_write_alert(alert) for alert in tried.alerts[:MOST_SHOWN]],
        "events": [_write_event(event) for event in tried.events[:MOST_SHOWN]],
    }


def read_result(stored: Mapping[str, Any]) -> PlaceResult:
    """What `write_result` wrote."""
    return PlaceResult(
        scores=read_scores(stored["scores"]),
        alerts=[_read_alert(*alert) for alert in stored["alerts"]],
        events=[_read_event(*event) for event in stored["events"]],
    )


def read_scores(stored: Mapping[str, Any]) -> dict[int, Score]:
    """The scores alone, of what `write_result` wrote."""
    return {int(step): _read_score(score) for step, score in stored.items()}


def add_up(scores: Iterable[Mapping[int, Score]]) -> dict[int, Score]:
    """By steps, of all places together."""
    total: dict[int, Score] = {}
    for of_place in scores:
        for step, score in of_place.items():
            total[step] = total.get(step, Score()) + score
    return total


def _score(result: Backtest) -> Score:
    leads = [event.lead for event in result.events if event.lead is not None]
    return Score(
        hours=result.hours,
        hours_without_data=result.hours_without_data,
        firing_minutes=result.firing_for // MINUTE,
        alerts=len(result.alerts),
        false_alarms=result.false_alarms,
        events=len(result.events),
        hits=result.hits,
        leads=Counter(lead // MINUTE for lead in leads),
    )


def _write_score(score: Score) -> dict[str, Any]:
    leads = {str(minutes): count for minutes, count in sorted(score.leads.items())}
    return {name: getattr(score, name) for name in _NUMBERS} | {"leads": leads}


def _read_score(stored: Mapping[str, Any]) -> Score:
    leads = Counter({int(minutes): count for minutes, count in stored["leads"].items()})
    return Score(**{name: stored[name] for name in _NUMBERS}, leads=leads)


def _write_alert(alert: PastAlert) -> list[object]:
    ends_at = alert.ends_at.isoformat() if alert.ends_at else None
    spoke = alert.spoke_until_at.isoformat()
    return [alert.raised_at.isoformat(), ends_at, alert.severity.value, spoke, alert.is_hit]


def _read_alert(
    raised: str, ends: str | None, severity: str, spoke: str, is_hit: bool
) -> PastAlert:
    return PastAlert(
        raised_at=datetime.fromisoformat(raised),
        ends_at=datetime.fromisoformat(ends) if ends else None,
        severity=Severity(severity),
        spoke_until_at=datetime.fromisoformat(spoke),
        is_hit=is_hit,
    )


def _write_event(event: PastEvent) -> list[object]:
    lead = None if event.lead is None else event.lead // MINUTE
    return [event.span.starts_at.isoformat(), event.span.ends_at.isoformat(), lead]


def _read_event(starts: str, ends: str, lead: int | None) -> PastEvent:
    span = Span(datetime.fromisoformat(starts), datetime.fromisoformat(ends))
    return PastEvent(span, None if lead is None else lead * MINUTE)
