"""The rules that look at a place, and what each says now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from weatherapp.alerting.engine.assessment import Assessment, assess
from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.reading import Reading
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.known import read_facts
from weatherapp.alerting.rulebook import (
    RuleInForce,
    longest_past_hours,
    read_rulebook,
    tag_ids,
)
from weatherapp.models import Alert, Place, RuleStanding
from weatherapp.models.alert import OPEN_STATES


class RuleSays(StrEnum):
    """What a rule says of a place."""

    ALERT = "ALERT"
    HELD_BACK = "HELD_BACK"
    QUIET = "QUIET"
    NO_DATA = "NO_DATA"


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule and what it says now; `alert` is open, `standing` holds one back."""

    rule: RuleInForce
    state: RuleSays
    assessment: Assessment
    alert: Alert | None
    standing: RuleStanding | None

    @property
    def says(self) -> Rule:
        return self.rule.says

    @property
    def known(self) -> tuple[Reading, ...]:
        return tuple(reading for reading in self.assessment.readings if reading is not None)


def read_rules_here(place: Place) -> list[RuleInForce]:
    """In the site's order; `place` need not have its tags prefetched."""
    tags = tag_ids(place)
    return [rule for rule in read_rulebook() if rule.looks_at(place.pk, tags)]


def read_facts_here(place: Place, rules: Sequence[RuleInForce], place_now: datetime) -> Facts:
    """What the rules go by; `place_now` is the place's clock."""
    hours = longest_past_hours(rules)
    return read_facts([place], {place.pk: place_now}, past_hours=hours)[place.pk]


def check_rules(
    place: Place, rules: Iterable[RuleInForce], facts: Facts, place_now: datetime
) -> tuple[RuleLine, ...]:
    """As the facts are at this moment, whenever the rules were evaluated last."""
    alerts = {
        alert.rule_id: alert for alert in Alert.objects.filter(place=place, state__in=OPEN_STATES)
    }
    standings = {row.rule_id: row for row in RuleStanding.objects.filter(place=place)}
    return tuple(
        _judge(rule, facts, place_now, alerts.get(rule.rule_id), standings.get(rule.rule_id))
        for rule in rules
    )


def _judge(
    rule: RuleInForce,
    facts: Facts,
    place_now: datetime,
    alert: Alert | None,
    standing: RuleStanding | None,
) -> RuleLine:
    assessment = assess(rule.says, facts, now=place_now, current=None)
    if not assessment.is_known:
        state = RuleSays.NO_DATA
    elif alert is not None:
        state = RuleSays.ALERT
    elif standing is not None and standing.gates and assessment.severity is not None:
        state = RuleSays.HELD_BACK
    elif (
        assessment.severity is None and None in assessment.readings and not any(assessment.readings)
    ):
        state = RuleSays.NO_DATA
    else:
        state = RuleSays.QUIET
    return RuleLine(rule, state, assessment, alert, standing)
