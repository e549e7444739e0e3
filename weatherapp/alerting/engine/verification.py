"""Alerts that were raised, judged by what came: hits, false alarms, misses, leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from weatherapp.alerting.engine.hindsight import WHOLE_SPAN, find_events
from weatherapp.alerting.engine.meeting import meet
from weatherapp.alerting.engine.rule import Rule
from weatherapp.domain.conditions import Aggregation, Basis, Condition
from weatherapp.domain.series import Series
from weatherapp.domain.spans import HOUR, Span, floor_hour

# An event may still be met by an alert that comes so long after its beginning: late, without lead.
LATE = timedelta(hours=24)
NO_LEAD = timedelta(0)
KNOWN_SHARE = 0.9  # of an alert's hours; where less was measured, nobody can say that nothing came


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """From the raising to the last hour spoken of. Of one that is not judged only this is known: it
    was there, so what came was not missed."""

    span: Span
    is_judged: bool = True


@dataclass(frozen=True, slots=True)
class Verified:
    """Of `events`, `leads` are of those that had an alert before they began; `late` are those that had
    one only afterwards, and the others were missed."""

    hits: int = 0
    false_alarms: int = 0
    unknown: int = 0
    events: int = 0
    late: int = 0
    leads: tuple[timedelta, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.hits or self.false_alarms or self.unknown or self.events)


def is_verifiable(rule: Rule) -> bool:
    """Whether it says anything beforehand: a rule of what was measured is right by itself."""
    return any(condition.basis is not Basis.MEASURED for condition in rule.conditions)


def find_look_back(rule: Rule) -> timedelta:
    """How long before an hour the record must begin to tell whether an event begins there."""
    return 2 * max(condition.hours for condition in rule.conditions) * HOUR + HOUR


def verify(rule: Rule, alerts: Sequence[ToldAlert], record: Series, *, span: Span) -> Verified:
    """What became known within `span`: of alerts that were over then, of events that began LATE before.

    `alerts` are all of the rule at the place that may matter, oldest first; the last hour of one that
    still goes on is after the span. `record` has the hours from the first of these alerts on, and
    find_look_back before the events.
    """
    events = find_events(
        rule, record, after=record.first_at - HOUR, until=max(span.ends_at, record.first_at)
    )
    meeting = meet([alert.span for alert in alerts], events)
    over = [
        _judge(rule, alert.span, record, is_hit=is_hit)
        for alert, is_hit in zip(alerts, meeting.hits, strict=True)
        if alert.is_judged and span.starts_at < alert.span.ends_at <= span.ends_at
    ]
    leads = [
        lead
        for event, lead in zip(events, meeting.leads, strict=True)
        if span.starts_at - LATE < event.starts_at <= span.ends_at - LATE
    ]
    return Verified(
        hits=over.count(True),
        false_alarms=over.count(False),
        unknown=over.count(None),
        events=len(leads),
        late=sum(lead == NO_LEAD for lead in leads),
        leads=tuple(lead for lead in leads if lead is not None and lead > NO_LEAD),
    )


def _judge(rule: Rule, alert: Span, record: Series, *, is_hit: bool) -> bool | None:
    if is_hit:
        return True
    is_known = all(_is_known(condition, alert, record) for condition in rule.conditions)
    return False if is_known else None


def _is_known(condition: Condition, alert: Span, record: Series) -> bool:
    is_rain = condition.aggregation is Aggregation.ANY_WET
    name = "precipitation_mm" if is_rain else condition.quantity_name
    after = floor_hour(alert.starts_at)
    if condition.aggregation in WHOLE_SPAN:
        after -= condition.hours * HOUR
    hours = max((alert.ends_at - after) // HOUR, 1)
    known = record.known(name, after=after, until=after + hours * HOUR)
    return len(known) >= KNOWN_SHARE * hours
