"""What a rule spoke of, as the readings tell it afterwards: the events that it should have met."""

from __future__ import annotations

from datetime import datetime

from weatherapp.alerting.engine.reading import Reading, aggregate
from weatherapp.alerting.engine.rule import Rule
from weatherapp.domain.conditions import Aggregation, Basis, Condition
from weatherapp.domain.quantities import is_wet
from weatherapp.domain.series import Series
from weatherapp.domain.spans import HOUR, Span

# What is made of a span of hours as a whole needs the span; the rest happens in single hours.
WHOLE_SPAN = (Aggregation.SUM, Aggregation.MEAN, Aggregation.CHANGE)


def find_events(rule: Rule, record: Series, *, after: datetime, until: datetime) -> list[Span]:
    """Spells in (after, until] in which what the rule speaks of happened, oldest first.

    Spells that lie no further apart than the rule looks are one: no alert could tell them apart.
    """
    hours = [
        at
        for at in _hours(after, until)
        if all(_happened(one, record, at) for one in rule.conditions)
    ]
    apart = max(condition.hours for condition in rule.conditions) * HOUR
    events: list[Span] = []
    for at in hours:
        if events and at - HOUR - events[-1].ends_at <= apart:
            events[-1] = Span(events[-1].starts_at, at)
        else:
            events.append(Span(at - HOUR, at))
    return events


def _hours(after: datetime, until: datetime) -> list[datetime]:
    return [after + step * HOUR for step in range(1, (until - after) // HOUR + 1)]


def _happened(condition: Condition, record: Series, at: datetime) -> bool:
    """Whether the hour that ends at `at` is what the condition's lowest level speaks of."""
    level = condition.levels[0]
    if condition.aggregation is Aggregation.ANY_WET:
        rain = record.known("precipitation_mm", after=at - HOUR, until=at)
        return any(is_wet(value) for value in rain.values)
    is_whole = condition.basis is Basis.MEASURED or condition.aggregation in WHOLE_SPAN
    length = (condition.hours if is_whole else 1) * HOUR
    window = Span(at - length, at)
    is_change = condition.aggregation is Aggregation.CHANGE
    after = window.starts_at - HOUR if is_change else window.starts_at
    hours = record.known(condition.quantity_name, after=after, until=at)
    if not is_whole:
        return any(
            Reading(condition, value, hours, window, at).reaches(level) for value in hours.values
        )
    value = aggregate(condition, hours, window)
    return value is not None and Reading(condition, value, hours, window, at).reaches(level)
