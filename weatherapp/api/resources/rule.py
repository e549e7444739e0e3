"""Rules: when an alert is raised, in numbers and in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery
from django.template.loader import render_to_string

from weatherapp.alerting.catalogue import translate_name
from weatherapp.alerting.engine import wire
from weatherapp.alerting.engine.rule import NoDataPolicy
from weatherapp.alerting.rulebook import read_version
from weatherapp.api.cursors import cut, read_cursor
from weatherapp.api.operations import LANGUAGE, PAGED, Call, Operation, Parameter, Slice
from weatherapp.api.problems import not_found
from weatherapp.api.resources.place import read_site_version
from weatherapp.api.schema import (
    FLAG,
    ID,
    INTEGER,
    NUMBER,
    TEXT,
    Resource,
    field,
    list_of,
    maybe,
    of,
    one_of,
)
from weatherapp.domain.cap import LEVELS
from weatherapp.domain.conditions import Aggregation, Basis, Comparison
from weatherapp.domain.quantities import BY_NAME
from weatherapp.models import Place, Rule, RuleScope, RuleVersion


@dataclass(frozen=True)
class SeenRule:
    """A rule with its newest version; `definition` is empty where that cannot be read."""

    rule: Rule
    version: RuleVersion | None

    @property
    def pk(self) -> int:
        return self.rule.pk

    @cached_property
    def says(self) -> Any:
        return read_version(self.version) if self.version else None

    @cached_property
    def definition(self) -> dict[str, Any]:
        return wire.to_json(self.says) if self.says else {}

    @property
    def sentence(self) -> str:
        words = render_to_string("rules/sentence.html", {"says": self.says}) if self.says else ""
        return " ".join(unescape(words).split())


def _said(name: str, empty: Any = None) -> Any:
    return lambda seen: seen.definition.get(name, empty)


UNIT = "In the quantity's unit, which its name ends with; probabilities are 0 to 1."

LEVEL = Resource(
    "Level",
    "From where on a condition is how bad.",
    (
        field("severity", one_of(LEVELS), "How bad.", lambda one: one["severity"]),
        field("threshold", NUMBER, f"From which it holds. {UNIT}", lambda one: one["threshold"]),
        field(
            "recovery_threshold",
            NUMBER,
            f"What has reached the threshold goes on until this is left. {UNIT}",
            lambda one: one["recovery_threshold"],
        ),
        field(
            "codes",
            list_of(INTEGER),
            "Of weather codes (WMO 4677): which; then both thresholds are 1.",
            lambda one: one["codes"],
        ),
    ),
)

CONDITION = Resource(
    "Condition",
    "What must hold.",
    (
        field("quantity", one_of(BY_NAME), "Of which quantity.", lambda one: one["quantity"]),
        field(
            "basis",
            one_of(Basis),
            "MEASURED in the past hours, FORECAST by the source, or the PROBABILITY of model and source.",
            lambda one: one["basis"],
        ),
        field("hours", INTEGER, "How many hours.", lambda one: one["hours"]),
        field(
            "aggregation",
            one_of(Aggregation),
            "What is made of them.",
            lambda one: one["aggregation"],
        ),
        field(
            "comparison",
            one_of(Comparison),
            "Which side of a threshold raises.",
            lambda one: one["comparison"],
        ),
        field(
            "levels", list_of(of(LEVEL)), "The lowest severity first.", lambda one: one["levels"]
        ),
    ),
)

RULE = Resource(
    "Rule",
    "When an alert is raised and when it ends: all its conditions must hold.",
    (
        field("id", ID, "Its number, which never changes.", lambda seen: seen.pk),
        field(
            "name",
            TEXT,
            "What a reader sees.",
            lambda seen: translate_name(key=seen.rule.key, name=seen.rule.name),
        ),
        field("is_active", FLAG, "Whether it raises anything.", lambda seen: seen.rule.is_active),
        field(
            "is_from_catalogue",
            FLAG,
            "Whether it says what came with the site.",
            lambda seen: bool(seen.version and seen.version.is_from_catalogue),
        ),
        field(
            "version",
            maybe(ID),
            "How often it was written; alerts name the version that decided.",
            lambda seen: seen.version and seen.version.number,
        ),
        field(
            "scope",
            one_of(RuleScope),
            "Which places it looks at: all, those with one of `tags`, or `places`.",
            lambda seen: seen.rule.scope,
        ),
        field(
            "tags",
            list_of(TEXT),
            "Names of tags.",
            lambda seen: [tag.name for tag in seen.rule.tags.all()],
        ),
        field(
            "places",
            list_of(ID),
            "Numbers of places.",
            lambda seen: [place.pk for place in seen.rule.places.all()],
        ),
        field("sentence", TEXT, "What it says, in words.", lambda seen: seen.sentence),
        field("conditions", list_of(of(CONDITION)), "One to three.", _said("conditions", empty=())),
        field(
            "pending_evaluations",
            maybe(INTEGER),
            "So many evaluations in a row before it is raised.",
            _said("pending_evaluations"),
        ),
        field("pending_minutes", maybe(INTEGER), "And so long.", _said("pending_minutes"), "min"),
        field(
            "keep_firing_minutes",
            maybe(INTEGER),
            "So long it waits before it ends.",
            _said("keep_firing_minutes"),
            "min",
        ),
        field(
            "rearm_minutes",
            maybe(INTEGER),
            "So long after an alert before the next one.",
            _said("rearm_minutes"),
            "min",
        ),
        field(
            "lead_from_hours",
            maybe(INTEGER),
            "It looks from so far ahead on.",
            _said("lead_from_hours"),
            "h",
        ),
        field("months", list_of(INTEGER), "Only in these; none: all.", _said("months", empty=())),
        field(
            "from_hour",
            maybe(INTEGER),
            "Only from this hour of the day, local.",
            _said("from_hour"),
        ),
        field(
            "to_hour", maybe(INTEGER), "Up to this hour; may be past midnight.", _said("to_hour")
        ),
        field(
            "no_data_policy",
            maybe(one_of(NoDataPolicy)),
            "What becomes of an open alert without data: it SAYs so, KEEPs its state or ENDs.",
            _said("no_data_policy"),
        ),
    ),
)


def see_rules(rules: Sequence[Rule]) -> list[SeenRule]:
    """One query."""
    newest = RuleVersion.objects.filter(rule=OuterRef("rule")).order_by("-number")
    versions = RuleVersion.objects.filter(rule__in=rules, pk=Subquery(newest.values("pk")[:1]))
    by_rule = {version.rule_id: version for version in versions}
    return [SeenRule(rule, by_rule.get(rule.pk)) for rule in rules]


def find_rule(pk: int) -> SeenRule:
    """Raises ProblemError."""
    rule = _rows().filter(pk=pk).first()
    if rule is None:
        raise not_found("rule")
    return see_rules([rule])[0]


def _rows() -> Any:
    places = Prefetch("places", Place.objects.only("pk").order_by("pk"))
    return Rule.objects.prefetch_related("tags", places)


def _list_rules(call: Call) -> Slice:
    after = read_cursor(call, int) or (0,)
    rows = _rows().filter(pk__gt=after[0]).order_by("pk")
    if call["is_active"] is not None:
        rows = rows.filter(is_active=call["is_active"])
    return cut(call, see_rules(list(rows[: call["limit"] + 1])), "pk")


def _show_rule(call: Call) -> SeenRule:
    return find_rule(call.path["rule_id"])


OPERATIONS = (
    Operation(
        "list_rules",
        "GET",
        "api_rules",
        "Rules",
        "List rules",
        RULE,
        _list_rules,
        "In the order of their numbers.",
        parameters=(
            Parameter("is_active", FLAG, "Those that are on, or off; all where it is not given."),
            LANGUAGE,
            *PAGED,
        ),
        is_list=True,
        read_version=read_site_version,
    ),
    Operation(
        "show_rule",
        "GET",
        "api_rule",
        "Rules",
        "Show a rule",
        RULE,
        _show_rule,
        parameters=(LANGUAGE,),
        read_version=read_site_version,
        problems=(404,),
    ),
)
