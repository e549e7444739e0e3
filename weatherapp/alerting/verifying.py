"""Alerts are judged as readings come: each once, place by place; what is kept are counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from weatherapp.alerting.engine.verification import (
    LATE,
    ToldAlert,
    Verified,
    find_look_back,
    is_verifiable,
    verify,
)
from weatherapp.alerting.rule_skill import RuleKey, add_verified
from weatherapp.alerting.rulebook import RuleInForce, read_rulebook, tag_ids
from weatherapp.domain.conditions import Aggregation
from weatherapp.domain.series import Series, make_series
from weatherapp.domain.spans import HOUR, Span
from weatherapp.models import Alert, AlertChange, Place, Reading, ScoringProgress

SETTLING = 2 * HOUR  # sources mend their newest hours with the next fetch
LONGEST = timedelta(days=7)  # of one turn; what a long silence left behind is not caught up with
SPOKEN_AHEAD = timedelta(days=10)  # no forecast reaches further than that
FAR_BACK = timedelta(days=60)  # an alert that stands for longer is judged by its last two months


@dataclass(frozen=True, slots=True)
class PastAlertRow:
    """`span`: from the raising to the last hour that it spoke of."""

    version_id: int
    span: Span


Alerts = Mapping[tuple[int, int], Sequence[PastAlertRow]]  # by place id and rule id, oldest first


@transaction.atomic
def verify_alerts(place_ids: Sequence[int]) -> int:
    """Judge what became known at the real ones of the places; how many alerts and events.

    Safe to call twice, and at the same time: counts and how far they go are stored together. A few
    queries, however many places there are.
    """
    places = Place.objects.filter(pk__in=place_ids).prefetch_related("tags").order_by("pk")
    real = {place.pk: place for place in places if not place.is_replay}
    progress = _lock_progress(real)
    spans = _advance(progress)
    rules = [rule for rule in read_rulebook() if is_verifiable(rule.says)]
    found: dict[RuleKey, Verified] = {}
    if spans and rules:
        alerts = _read_alerts(spans, rules)
        records = _read_records(spans, rules, alerts)
        for place_id, span in spans.items():
            here = [rule for rule in rules if rule.looks_at(place_id, tag_ids(real[place_id]))]
            if place_id in records:
                found |= _verify_place(place_id, span, here, alerts, records[place_id])
    add_verified(found)
    ScoringProgress.objects.bulk_update(progress, ["verified_until_at"])
    return sum(one.hits + one.false_alarms + one.unknown + one.events for one in found.values())


def _verify_place(
    place_id: int, span: Span, rules: Iterable[RuleInForce], alerts: Alerts, record: Series
) -> dict[RuleKey, Verified]:
    found = {}
    for rule in rules:
        rows = alerts.get((place_id, rule.rule_id), ())
        # Alerts of an earlier version were there, too; but this one is judged by its own.
        told = [ToldAlert(row.span, row.version_id == rule.version_id) for row in rows]
        result = verify(rule.says, told, record, span=_since(rule, span))
        if not result.is_empty:
            found[RuleKey(place_id, rule.version_id, span.ends_at.year)] = result
    return found


def _since(rule: RuleInForce, span: Span) -> Span:
    """A rule is not blamed for what came before it was written."""
    begins_at = min(max(span.starts_at, rule.written_at + LATE), span.ends_at)
    return Span(begins_at, span.ends_at)


def _lock_progress(places: Iterable[int]) -> list[ScoringProgress]:
    ScoringProgress.objects.bulk_create(
        [ScoringProgress(place_id=place_id) for place_id in places], ignore_conflicts=True
    )
    rows = ScoringProgress.objects.filter(place__in=places).order_by("place_id")
    return list(rows.select_for_update())


def _advance(progress: Sequence[ScoringProgress]) -> dict[int, Span]:
    """By place id, what is to be judged now; their rows say so from then on."""
    newest = dict(
        Reading.objects.filter(place__in=[row.place_id for row in progress])
        .order_by()
        .values_list("place_id")
        .annotate(Max("observed_at"))
    )
    spans = {}
    for row in progress:
        if row.place_id not in newest:
            continue
        settled_at = newest[row.place_id] - SETTLING
        if row.verified_until_at is None:
            # What came before anybody watched was not missed.
            row.verified_until_at = settled_at + LATE
        elif row.verified_until_at < settled_at:
            spans[row.place_id] = Span(max(row.verified_until_at, settled_at - LONGEST), settled_at)
            row.verified_until_at = settled_at
    return spans


def _read_alerts(spans: Mapping[int, Span], rules: Iterable[RuleInForce]) -> Alerts:
    """All that may matter; those that are open speak of hours beyond the span."""
    recent = [
        Q(alert__place=place_id)
        & (Q(alert__ended_at=None) | Q(alert__ended_at__gt=span.starts_at - SPOKEN_AHEAD))
        for place_id, span in spans.items()
    ]
    rows = _raised(rules).filter(_any(recent)).annotate(told=Max("alert__changes__ends_at"))
    found: defaultdict[tuple[int, int], list[PastAlertRow]] = defaultdict(list)
    for row in rows.order_by("alert__raised_at"):
        span = _find_span(row.alert, row.told, spans[row.alert.place_id])
        key = (row.alert.place_id, row.alert.rule_id)
        found[key].append(PastAlertRow(row.rule_version_id, span))
    return found


def _raised(rules: Iterable[RuleInForce]) -> QuerySet[AlertChange]:
    return AlertChange.objects.filter(
        old_state="", alert__rule__in=[rule.rule_id for rule in rules]
    ).select_related("alert")


def _find_span(alert: Alert, told_at: datetime | None, span: Span) -> Span:
    spoken = [alert.confirmed_until_at, alert.ended_at, told_at]
    last_at = max(at for at in (alert.raised_at, *spoken) if at is not None)
    if alert.is_open:
        last_at = max(last_at, span.ends_at + HOUR)
    return Span(alert.raised_at, last_at)


def _read_records(
    spans: Mapping[int, Span], rules: Sequence[RuleInForce], alerts: Alerts
) -> dict[int, Series]:
    """By place id the measured hours that the rules are judged by; one query."""
    names = sorted({name for rule in rules for name in _name_measured(rule)})
    back = max(find_look_back(rule.says) for rule in rules) + LATE
    begins = {place_id: span.starts_at - back for place_id, span in spans.items()}
    for (place_id, _), rows in alerts.items():
        first_at = min(row.span.starts_at for row in rows) - back
        begins[place_id] = max(
            min(begins[place_id], first_at), spans[place_id].starts_at - FAR_BACK
        )
    wanted = [
        Q(place=place_id, observed_at__gt=begins[place_id], observed_at__lte=span.ends_at)
        for place_id, span in spans.items()
    ]
    rows_ = Reading.objects.filter(_any(wanted)).order_by()
    hours: defaultdict[int, dict[datetime, dict[str, float | None]]] = defaultdict(dict)
    for place_id, at, *values in rows_.values_list("place_id", "observed_at", *names).iterator(
        chunk_size=500
    ):
        hours[place_id][at] = dict(zip(names, values, strict=True))
    return {place_id: make_series(of_place, names) for place_id, of_place in hours.items()}


def _name_measured(rule: RuleInForce) -> Iterable[str]:
    """Of what a rule speaks of, the columns of readings that tell what came."""
    for condition in rule.says.conditions:
        is_rain = condition.aggregation is Aggregation.ANY_WET
        yield "precipitation_mm" if is_rain else condition.quantity_name


def _any(conditions: Sequence[Q]) -> Q:
    return reduce(or_, conditions)
