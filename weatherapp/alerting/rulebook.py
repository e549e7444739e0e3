"""The rules in force: which there are, what they say, and which places each looks at."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery

from weatherapp.alerting.engine import wire
from weatherapp.alerting.engine.rule import Rule as EngineRule
from weatherapp.domain.conditions import Basis
from weatherapp.models import Place, Rule, RuleScope, RuleVersion

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """`version_id` is the row's, `number` what people see."""

    rule_id: int
    name: str
    version_id: int
    number: int
    says: EngineRule
    scope: str
    tag_ids: frozenset[int]
    place_ids: frozenset[int]

    def looks_at(self, place_id: int, tag_ids: Iterable[int]) -> bool:
        if self.scope == RuleScope.ALL:
            return True
        if self.scope == RuleScope.TAGS:
            return not self.tag_ids.isdisjoint(tag_ids)
        return place_id in self.place_ids


def read_rulebook() -> list[RuleInForce]:
    """Active rules that have a version, in the site's order; three queries.

    A version that cannot be read is left out, and named in the log: the others go on.
    """
    newest = RuleVersion.objects.filter(rule=OuterRef("pk")).order_by("-number")
    rules = (
        Rule.objects.filter(is_active=True)
        .annotate(newest_version=Subquery(newest.values("pk")[:1]))
        .prefetch_related("tags", "places")
    )
    rows = list(rules)
    versions = RuleVersion.objects.in_bulk([row.newest_version for row in rows])
    found = (_read(row, versions.get(row.newest_version)) for row in rows)
    return [rule for rule in found if rule is not None]


def longest_past_hours(rules: Iterable[RuleInForce]) -> int:
    """How far back any rule looks at measurements."""
    return max(
        (
            condition.hours
            for rule in rules
            for condition in rule.says.conditions
            if condition.basis is Basis.MEASURED
        ),
        default=0,
    )


def tag_ids(place: Place) -> list[int]:
    """Of a place whose tags are prefetched."""
    return [tag.pk for tag in place.tags.all()]


def save_version(
    rule: Rule,
    says: EngineRule,
    *,
    now: datetime,
    is_from_catalogue: bool = False,
    created_by_id: int | None = None,
) -> RuleVersion:
    """What the rule says from now on; the newest version, where that says the same already.

    One that says by chance what the catalogue says is not the catalogue's: that makes a new one.
    """
    definition = wire.to_json(says)
    with transaction.atomic():
        Rule.objects.select_for_update().get(pk=rule.pk)
        newest = rule.versions.order_by("-number").first()
        is_same = newest is not None and newest.definition == definition
        if newest is not None and is_same and newest.is_from_catalogue >= is_from_catalogue:
            return newest
        number = (rule.versions.aggregate(highest=Max("number"))["highest"] or 0) + 1
        return RuleVersion.objects.create(
            rule=rule,
            number=number,
            definition=definition,
            is_from_catalogue=is_from_catalogue,
            created_at=now,
            created_by_id=created_by_id,
        )


def read_version(version: RuleVersion) -> EngineRule | None:
    """What it says; None, and a line in the log, where it cannot be read."""
    try:
        return wire.from_json(version.definition)
    except (KeyError, TypeError, ValueError) as error:
        logger.error("Rule version %s cannot be read: %r", version.pk, error)
        return None


def _read(rule: Rule, version: RuleVersion | None) -> RuleInForce | None:
    says = read_version(version) if version else None
    if version is None or says is None:
        return None
    return RuleInForce(
        rule_id=rule.pk,
        name=rule.name,
        version_id=version.pk,
        number=version.number,
        says=says,
        scope=rule.scope,
        tag_ids=frozenset(tag.pk for tag in rule.tags.all()),
        place_ids=frozenset(place.pk for place in rule.places.all()),
    )
