"""What the facts say of a whole rule: how bad, from when to when, how sure; or that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce

from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.reading import Reading, read
from weatherapp.alerting.engine.rule import Rule
from weatherapp.domain.cap import Certainty, Severity, Urgency, find_urgency
from weatherapp.domain.conditions import Basis, Level
from weatherapp.domain.spans import Span

_SURE = tuple(Certainty)  # the surest first


@dataclass(frozen=True, slots=True)
class Assessment:
    """`severity` None: the rule does not hold. `is_known` False: missing facts decide.

    `readings` are in the order of the rule's conditions; None where one has no data. Where all were
    measured, nobody knows the end: `span` then ends when the readings count no longer.
    """

    readings: tuple[Reading | None, ...]
    is_known: bool
    severity: Severity | None = None
    span: Span | None = None
    is_end_known: bool = False
    urgency: Urgency = Urgency.UNKNOWN
    certainty: Certainty = Certainty.UNKNOWN


def assess(rule: Rule, facts: Facts, *, now: datetime, current: Severity | None) -> Assessment:
    """`current` is the severity of the open alert: it is kept until recovery thresholds are left.

    A condition that is known not to hold decides, whatever is missing beside it.
    """
    readings = tuple(
        read(condition, facts, now=now, lead_from_hours=rule.lead_from_hours)
        for condition in rule.conditions
    )
    known = [reading for reading in readings if reading is not None]
    severity = _find_severity(rule, readings, current)
    if severity is None:
        return Assessment(readings, is_known=True)
    if len(known) < len(readings):
        return Assessment(readings, is_known=False)
    spans = [reading.span(_level(reading, severity)) for reading in known]
    span = _find_common(known, spans)
    return Assessment(
        readings,
        is_known=True,
        severity=severity,
        span=span,
        is_end_known=rule.bases != {Basis.MEASURED},
        urgency=find_urgency(onset_at=span.starts_at, ends_at=span.ends_at, now=now),
        certainty=max(
            map(Reading.certainty, known, spans),
            key=_SURE.index,
        ),
    )


def _find_severity(
    rule: Rule, readings: Sequence[Reading | None], current: Severity | None
) -> Severity | None:
    """The worst that all known conditions reach, or keep where it is no worse than `current`."""
    for severity, levels in rule.ladder:
        is_kept = current is not None and severity.rank <= current.rank
        if all(map(partial(_holds, is_kept=is_kept), readings, levels)):
            return severity
    return None


def _holds(reading: Reading | None, level: Level | None, *, is_kept: bool) -> bool:
    """Of what is missing nobody can say that it does not."""
    if reading is None or level is None:
        return reading is None
    return reading.keeps(level) if is_kept else reading.reaches(level)


def _level(reading: Reading, severity: Severity) -> Level:
    return reading.condition.level_at(severity) or reading.condition.levels[0]


def _find_common(known: Sequence[Reading], spans: Sequence[Span]) -> Span:
    """When all conditions hold; where they never do at once, from the first to the last.

    What was measured says nothing of the end, where something is forecast beside it.
    """
    ahead = [
        span
        for reading, span in zip(known, spans, strict=True)
        if reading.condition.basis is not Basis.MEASURED
    ]
    first, *others = ahead or spans
    common: Span | None = first
    for span in others:
        common = common.meet(span) if common else None
    return common or reduce(Span.join, others, first)
