"""The rules that look at a place, and what each says now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core.cache import caches

from weatherapp.alerting.engine.assessment import Assessment, assess
from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.reading import Reading
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.rulebook import (
    RuleInForce,
    read_rulebook,
    tag_ids,
)
from weatherapp.models import Alert, Place, RuleScope, RuleState

KEPT_S = 3600


class RuleSays(StrEnum):
    """What a rule says of a place."""

    ALERT = "ALERT"
    HELD_BACK = "HELD_BACK"
    QUIET = "QUIET"
    NO_DATA = "NO_DATA"


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule and what it says now; `alert` is open, `rule_state` holds one back."""

    rule: RuleInForce
    state: RuleSays
    assessment: Assessment
    alert: Alert | None
    rule_state: RuleState | None

    @property
    def says(self) -> Rule:
        return self.rule.says

    @property
    def known(self) -> tuple[Reading, ...]:
        return tuple(reading for reading in self.assessment.readings if reading is not None)


def read_rules_here(place: Place, rules_mark: str) -> list[RuleInForce]:
    """In the site's order; `place` need not have its tags prefetched."""
    rules = _read_rulebook(rules_mark)
    tags = tag_ids(place) if any(rule.scope == RuleScope.TAGS for rule in rules) else []
    return [rule for rule in rules if rule.looks_at(place.pk, tags)]


def _read_rulebook(mark: str) -> list[RuleInForce]:
    """Put together anew only where a rule was edited."""
    return list(caches["parts"].get_or_set(f"rulebook-{mark}", read_rulebook, KEPT_S) or ())


def check_rules(
    rules: Iterable[RuleInForce],
    facts: Facts,
    place_now: datetime,
    *,
    open_alerts: Iterable[Alert],
    rule_states: Iterable[RuleState],
) -> tuple[RuleLine, ...]:
    """As the facts are at this moment, whenever the rules were evaluated last."""
    alerts = {alert.rule_id: alert for alert in open_alerts}
    held = {row.rule_id: row for row in rule_states}
    return tuple(
        _judge(rule, facts, place_now, alerts.get(rule.rule_id), held.get(rule.rule_id))
        for rule in rules
    )


def _judge(
    rule: RuleInForce,
    facts: Facts,
    place_now: datetime,
    alert: Alert | None,
    rule_state: RuleState | None,
) -> RuleLine:
    assessment = assess(rule.says, facts, now=place_now, current=None)
    if not assessment.is_known:
        state = RuleSays.NO_DATA
    elif alert is not None:
        state = RuleSays.ALERT
    elif rule_state is not None and rule_state.gates and assessment.severity is not None:
        state = RuleSays.HELD_BACK
    elif (
        assessment.severity is None and None in assessment.readings and not any(assessment.readings)
    ):
        state = RuleSays.NO_DATA
    else:
        state = RuleSays.QUIET
    return RuleLine(rule, state, assessment, alert, rule_state)
