"""What a rule spoke of, as the readings tell it afterwards: the events that it should have met."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from weatherapp.alerting.engine.reading import Reading, aggregate, find_single
from weatherapp.alerting.engine.rule import Rule
from weatherapp.domain.conditions import Aggregation, Basis, Condition
from weatherapp.domain.quantities import is_wet
from weatherapp.domain.series import Series
from weatherapp.domain.spans import HOUR, Span, floor_hour

# What is made of a span of hours as a whole needs the span; the rest happens in single hours.
WHOLE_SPAN = (Aggregation.SUM, Aggregation.MEAN, Aggregation.CHANGE)


def find_events(rule: Rule, record: Series, *, after: datetime, until: datetime) -> list[Span]:
    """Spells in (after, until] in which what the rule speaks of happened, oldest first.

    Spells that lie no further apart than the rule looks are one: no alert could tell them apart.
    """
    found = [
        set(_find_hours(condition, record, after=after, until=until))
        for condition in rule.conditions
    ]
    hours = sorted(set.intersection(*found))
    apart = max(condition.hours for condition in rule.conditions) * HOUR
    events: list[Span] = []
    for at in hours:
        if events and at - HOUR - events[-1].ends_at <= apart:
            events[-1] = Span(events[-1].starts_at, at)
        else:
            events.append(Span(at - HOUR, at))
    return events


def _find_hours(
    condition: Condition, record: Series, *, after: datetime, until: datetime
) -> Iterable[datetime]:
    """Ends of the hours that are what the condition's lowest level speaks of."""
    if condition.aggregation is Aggregation.ANY_WET:
        rain = record.known("precipitation_mm", after=after, until=until)
        return (at for at, amount_mm in rain if is_wet(amount_mm))
    if condition.basis is Basis.MEASURED or condition.aggregation in WHOLE_SPAN:
        first_at = floor_hour(after) + HOUR
        hours = (first_at + step * HOUR for step in range((until - first_at) // HOUR + 1))
        return (at for at in hours if _reaches(condition, record, at))
    counts = find_single(condition, condition.levels[0])
    known = record.known(condition.quantity_name, after=after, until=until)
    return (at for at, value in known if counts(value))


def _reaches(condition: Condition, record: Series, at: datetime) -> bool:
    """Whether the hours up to `at` together do."""
    window = Span(at - condition.hours * HOUR, at)
    is_change = condition.aggregation is Aggregation.CHANGE
    after = window.starts_at - HOUR if is_change else window.starts_at
    hours = record.known(condition.quantity_name, after=after, until=at)
    value = aggregate(condition, hours, window)
    return value is not None and Reading(condition, value, hours, window, at).reaches(
        condition.levels[0]
    )
