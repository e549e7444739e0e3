"""The rules in force: which there are, what they say, and which places each looks at."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Max, Model, OuterRef, Subquery, TextField
from django.db.models.functions import Cast

from weatherapp.alerting.engine import wire
from weatherapp.alerting.engine.rule import Rule as EngineRule
from weatherapp.domain.conditions import Basis
from weatherapp.models import Place, Rule, RuleScope, RuleVersion

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """`version_id` is the row's, `number` what people see, `key` that of the catalogue."""

    rule_id: int
    name: str
    version_id: int
    number: int
    says: EngineRule
    scope: str
    tag_ids: frozenset[int]
    place_ids: frozenset[int]
    written_at: datetime
    key: str = ""

    def looks_at(self, place_id: int, tag_ids: Iterable[int]) -> bool:
        if self.scope == RuleScope.ALL:
            return True
        if self.scope == RuleScope.TAGS:
            return not self.tag_ids.isdisjoint(tag_ids)
        return place_id in self.place_ids


def read_rulebook() -> list[RuleInForce]:
    """Active rules that have a version, in the site's order; one query, and one more each where any
    looks at tags or at chosen places.

    A version that cannot be read is left out, and named in the log: the others go on.
    """
    newest = RuleVersion.objects.filter(rule=OuterRef("rule")).order_by("-number")
    versions = (
        RuleVersion.objects.filter(rule__is_active=True, pk=Subquery(newest.values("pk")[:1]))
        .select_related("rule")
        .defer("definition")
        .annotate(text=Cast("definition", TextField()))
        .order_by("rule__order", "rule__name", "rule__pk")
    )
    rows = list(versions)
    tags = _read_chosen(rows, RuleScope.TAGS, Rule.tags.through, "tag_id")
    places = _read_chosen(rows, RuleScope.PLACES, Rule.places.through, "place_id")
    return [
        RuleInForce(
            rule_id=row.rule_id,
            name=row.rule.name,
            version_id=row.pk,
            number=row.number,
            says=says,
            scope=row.rule.scope,
            tag_ids=tags[row.rule_id],
            place_ids=places[row.rule_id],
            written_at=row.created_at,
            key=row.rule.key,
        )
        for row in rows
        if (says := _read(row.pk, row.text))
    ]


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


def names_by_basis(rules: Iterable[RuleInForce]) -> dict[Basis, set[str]]:
    """The quantities that any rule looks at; a basis that none looks at is absent."""
    names: dict[Basis, set[str]] = {}
    for rule in rules:
        for condition in rule.says.conditions:
            names.setdefault(condition.basis, set()).add(condition.quantity_name)
    return names


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
    return _read(version.pk, json.dumps(version.definition))


def _read_chosen(
    versions: Iterable[RuleVersion], scope: RuleScope, pairs: type[Model], name: str
) -> defaultdict[int, frozenset[int]]:
    """By rule id, of rules with that scope, what is chosen for them."""
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    ids = [version.rule_id for version in versions if version.rule.scope == scope]
    if ids:
        rows = pairs._default_manager.filter(rule__in=ids).values_list("rule_id", name)
        for rule_id, chosen_id in rows:
            found[rule_id] |= {chosen_id}
    return found


def _read(version_id: int, text: str) -> EngineRule | None:
    try:
        return _parse(text)
    except (KeyError, TypeError, ValueError) as error:
        logger.error("Rule version %s cannot be read: %r", version_id, error)
        return None


@lru_cache(maxsize=256)
def _parse(text: str) -> EngineRule:
    """Once for all batches: a rule is a value, and says the same wherever it is used."""
    return wire.from_json(json.loads(text))
