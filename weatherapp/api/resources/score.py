"""How good the probabilities of rain and the alerts were: what the accuracy pages say."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, Sum

from weatherapp.alerting.catalogue import translate_name
from weatherapp.alerting.engine.verification import is_verifiable
from weatherapp.alerting.rule_skill import RuleSums, read_rule_sums
from weatherapp.alerting.rulebook import RuleInForce, read_rulebook, tag_ids
from weatherapp.api.operations import LANGUAGE, Call, Operation
from weatherapp.api.resources.place import find_place
from weatherapp.api.schema import (
    FLAG,
    ID,
    INTEGER,
    NUMBER,
    TEXT,
    TIME,
    Resource,
    field,
    list_of,
    maybe,
    of,
)
from weatherapp.models import RuleSkill, RuleVersion, SkillCount
from weatherapp.pages.skill import Skill, read_skill

NEEDED = "Fewer say more about some weeks' weather than about the forecasts."


@dataclass(frozen=True, slots=True)
class RuleScore:
    """Of a rule as it says now."""

    rule: RuleInForce
    sums: RuleSums


@dataclass(frozen=True, slots=True)
class Scores:
    """`place_id` None: of all places."""

    place_id: int | None
    skill: Skill
    rules: list[RuleScore]


PART = Resource(
    "PartScore",
    "Of one who said something of the hours.",
    (
        field("brier", NUMBER, "Brier score: mean squared error; 0 is perfect."),
        field(
            "skill",
            maybe(NUMBER),
            "Brier skill score: 1 is perfect, 0 as good as climatology; null: not known.",
        ),
    ),
)

BAND = Resource(
    "LeadTimeScore",
    "Of lead times that are counted together; all speak of the same hours.",
    (
        field("first_lead_hours", INTEGER, "From.", lambda one: one.band.first_lead_hours, "h"),
        field("last_lead_hours", INTEGER, "To.", lambda one: one.band.last_lead_hours, "h"),
        field("hours", INTEGER, "So many."),
        field("wet_hours", INTEGER, "Of them with 0.1 mm or more."),
        field("is_enough", FLAG, f"Whether these are enough. {NEEDED}"),
        field("site", of(PART), "What the site said."),
        field("model", of(PART), "Its model alone."),
        field("source", maybe(of(PART)), "The weather source; null: it spoke of too few."),
        field("climatology_brier", NUMBER, "Of saying each time what is usual there."),
    ),
)

RULE_SCORE = Resource(
    "RuleScore",
    "Of a rule's alerts, as it says now, against what came.",
    (
        field("rule_id", ID, "Of which rule.", lambda one: one.rule.rule_id),
        field(
            "name",
            TEXT,
            "Its name.",
            lambda one: translate_name(key=one.rule.key, name=one.rule.name),
        ),
        field("alerts", INTEGER, "Alerts that could be judged.", lambda one: one.sums.alerts),
        field("hits", INTEGER, "Of them: what they spoke of came.", lambda one: one.sums.hits),
        field("false_alarms", INTEGER, "It did not.", lambda one: one.sums.false_alarms),
        field("unknown", INTEGER, "Too little was measured to tell.", lambda one: one.sums.unknown),
        field("events", INTEGER, "What should have had an alert.", lambda one: one.sums.events),
        field("caught", INTEGER, "It had one before it began.", lambda one: one.sums.caught),
        field("late", INTEGER, "Only afterwards.", lambda one: one.sums.late),
        field("misses", INTEGER, "Never.", lambda one: one.sums.misses),
        field(
            "median_lead_hours",
            maybe(NUMBER),
            "From alert to event, of those caught.",
            lambda one: one.sums.median_lead_hours,
            "h",
        ),
    ),
)

SCORES = Resource(
    "Scores",
    "How good probabilities of rain and alerts were. How it is counted: docs/verification.md.",
    (
        field("place_id", maybe(ID), "Of which place; null: of all together."),
        field("hours", INTEGER, "Hours that were judged.", lambda one: one.skill.hours),
        field("wet_hours", INTEGER, "Of them wet.", lambda one: one.skill.wet_hours),
        field(
            "is_enough",
            FLAG,
            f"Whether these are enough. {NEEDED}",
            lambda one: one.skill.is_enough,
        ),
        field("since_at", maybe(TIME), "The oldest of them.", lambda one: one.skill.since_at),
        field("until_at", maybe(TIME), "The newest.", lambda one: one.skill.until_at),
        field(
            "skill",
            maybe(NUMBER),
            "Brier skill score of the site, all lead times together: 1 is perfect, 0 climatology.",
            lambda one: one.skill.skill,
        ),
        field("lead_times", list_of(of(BAND)), "By lead time.", lambda one: one.skill.bands),
        field(
            "rules",
            list_of(of(RULE_SCORE)),
            "Of each rule that says something beforehand.",
        ),
    ),
)


def _show_scores(call: Call) -> Scores:
    return Scores(None, read_skill(None), _read_rules(None, read_rulebook()))


def _show_place_scores(call: Call) -> Scores:
    place = find_place(call)
    tags = tag_ids(place)
    rules = [rule for rule in read_rulebook() if rule.looks_at(place.pk, tags)]
    return Scores(place.pk, read_skill(place.pk), _read_rules(place.pk, rules))


def _read_rules(place_id: int | None, rules: list[RuleInForce]) -> list[RuleScore]:
    """One query."""
    judged = [rule for rule in rules if is_verifiable(rule.says)]
    sums = {rule.version_id: RuleSums() for rule in judged}
    for row in RuleSkill.objects.filter(place=place_id, version__in=sums):
        sums[row.version_id] += read_rule_sums(row)
    return [RuleScore(rule, sums[rule.version_id]) for rule in judged]


def _read_version(call: Call) -> str:
    """Counts only grow, with the hours that are judged; so do versions of rules. Two queries."""
    place_id = call.path.get("place_id")
    counted = SkillCount.objects.filter(place=place_id)
    marks = counted.aggregate(cases=Sum("cases"), until=Max("until_at"))
    rules = RuleVersion.objects.aggregate(newest=Max("pk"))
    return f"scores {place_id} {marks} {rules}"


OPERATIONS = (
    Operation(
        "show_scores",
        "GET",
        "api_scores",
        "Scores",
        "Show how good the site was",
        SCORES,
        _show_scores,
        parameters=(LANGUAGE,),
        read_version=_read_version,
    ),
    Operation(
        "show_place_scores",
        "GET",
        "api_place_scores",
        "Scores",
        "Show how good it was at a place",
        SCORES,
        _show_place_scores,
        parameters=(LANGUAGE,),
        read_version=_read_version,
        problems=(404,),
    ),
)
