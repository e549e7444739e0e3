"""Which alerts were there for which events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from weatherapp.domain.spans import Span


@dataclass(frozen=True, slots=True)
class Meeting:
    """`hits`: of each alert, whether it saw an event. `leads`: of each event, from the first alert
    for it to its beginning and at least 0, or None where no alert was there."""

    hits: tuple[bool, ...]
    leads: tuple[timedelta | None, ...]


def meet(
    alerts: Sequence[Span], events: Sequence[Span], *, tells_what_was: bool = False
) -> Meeting:
    """An alert is there from its raising to the last hour that it spoke of; both are oldest first.

    What was over when it was raised it did not see, unless it `tells_what_was`: an alert about what
    was measured is raised as the hour of which it speaks ends.
    """
    leads: list[timedelta | None] = [None] * len(events)
    hits, first = [], 0
    for alert in alerts:
        while first < len(events) and _was_over(events[first], alert, tells_what_was):
            first += 1
        index = first
        while index < len(events) and events[index].starts_at <= alert.ends_at:
            if leads[index] is None:
                leads[index] = max(events[index].starts_at - alert.starts_at, timedelta(0))
            index += 1
        hits.append(index > first)
    return Meeting(tuple(hits), tuple(leads))


def _was_over(event: Span, alert: Span, tells_what_was: bool) -> bool:
    if tells_what_was:
        return event.ends_at < alert.starts_at
    return event.ends_at <= alert.starts_at
