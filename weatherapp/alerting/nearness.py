"""Places at which a rule may soon speak up, as far as is known: they are not calm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.reading import read
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.known import read_facts
from weatherapp.alerting.rulebook import RuleInForce, longest_past_hours, read_rulebook, tag_ids
from weatherapp.domain.conditions import Basis, Condition
from weatherapp.domain.spans import HOUR
from weatherapp.models import Place


def find_near(place_ids: Sequence[int], *, hours: int, now: datetime) -> list[int]:
    """Those where within `hours` all that a rule asks for comes as near as its recovery thresholds.

    `now` is real time; for places that live in it. The number of queries does not depend on how
    many places there are.
    """
    rows = Place.objects.filter(pk__in=place_ids, is_active=True).order_by("pk")
    places = [place for place in rows.prefetch_related("tags") if not place.is_replay]
    if not places:
        return []
    rules = read_rulebook()
    clocks = {place.pk: now for place in places}
    facts = read_facts(places, clocks, past_hours=longest_past_hours(rules))
    return [
        place.pk
        for place in places
        if is_any_near(_list_rules(place, rules), facts[place.pk], hours=hours, now=now)
    ]


def is_any_near(rules: Iterable[Rule], facts: Facts, *, hours: int, now: datetime) -> bool:
    """Whether one of them is, in any of the hours from `now` on in which nobody asks anew."""
    believed = replace(facts, fresh_longer=facts.fresh_longer + hours * HOUR)
    moments = [now + ahead * HOUR for ahead in range(hours)]
    return any(_is_near(rule, believed, now, at) for rule in rules for at in moments)


def _list_rules(place: Place, rules: Sequence[RuleInForce]) -> Iterator[Rule]:
    own_tags = tag_ids(place)
    yield from (rule.says for rule in rules if rule.looks_at(place.pk, own_tags))


def _is_near(rule: Rule, facts: Facts, now: datetime, at: datetime) -> bool:
    return all(
        _comes_near(condition, facts, now, at, rule.lead_from_hours)
        for condition in rule.conditions
    )


def _comes_near(
    condition: Condition, facts: Facts, now: datetime, at: datetime, lead_from_hours: int
) -> bool:
    """What was measured stays as it is; what is forecast or likely is looked at as of `at`."""
    seen_at = now if condition.basis is Basis.MEASURED else at
    reading = read(condition, facts, now=seen_at, lead_from_hours=lead_from_hours)
    return reading is not None and reading.keeps(condition.levels[0])
