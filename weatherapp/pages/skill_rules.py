"""How good each rule was: of one place, or of the whole site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from weatherapp.alerting.catalogue import translate_name
from weatherapp.alerting.engine.verification import is_verifiable
from weatherapp.alerting.rule_skill import RuleSums, read_rule_sums
from weatherapp.alerting.rulebook import RuleInForce
from weatherapp.domain.conditions import Aggregation
from weatherapp.domain.interval import find_interval
from weatherapp.models import RuleSkill

CASES_NEEDED = 30  # alerts, and events; a share of fewer is mostly chance


@dataclass(frozen=True, slots=True)
class CountedShare:
    """`count` of `cases`, and where the true share may well be; needs enough cases."""

    count: int
    cases: int

    @property
    def is_enough(self) -> bool:
        return self.cases >= CASES_NEEDED

    @property
    def share(self) -> float:
        return self.count / self.cases if self.cases else 0.0

    @property
    def low(self) -> float:
        return find_interval(self.count, self.cases)[0]

    @property
    def high(self) -> float:
        return find_interval(self.count, self.cases)[1]


@dataclass(frozen=True, slots=True)
class RuleScore:
    """`hits` of the alerts that could be judged; `caught` of what should have had an alert."""

    name: str
    is_rain: bool  # whether it speaks of any rain at all
    sums: RuleSums

    @property
    def hits(self) -> CountedShare:
        return CountedShare(self.sums.hits, self.sums.alerts)

    @property
    def caught(self) -> CountedShare:
        return CountedShare(self.sums.caught, self.sums.events)

    @property
    def is_empty(self) -> bool:
        return not (self.sums.alerts or self.sums.events)

    @property
    def cases_needed(self) -> int:
        return CASES_NEEDED


@dataclass(frozen=True, slots=True)
class RuleScores:
    """`lead`: what the page says first, the rule of rain with the most alerts of which enough is known."""

    lead: RuleScore | None
    judged: tuple[RuleScore, ...]
    waiting: tuple[str, ...]  # names of rules of which nothing has happened yet
    measured: tuple[str, ...]  # names of rules that say nothing beforehand


def read_rule_scores(place_id: int | None, rules: Sequence[RuleInForce]) -> RuleScores:
    """None: of all places together. One query; of each rule as it says now."""
    rows = RuleSkill.objects.filter(place=place_id, version__in=[rule.version_id for rule in rules])
    return make_rule_scores(rules, rows)


def make_rule_scores(rules: Sequence[RuleInForce], rows: Iterable[RuleSkill]) -> RuleScores:
    sums: defaultdict[int, RuleSums] = defaultdict(RuleSums)
    for row in rows:
        sums[row.version_id] += read_rule_sums(row)
    scores = [
        RuleScore(_name(rule), _is_rain(rule), sums[rule.version_id])
        for rule in rules
        if is_verifiable(rule.says)
    ]
    rain = [score for score in scores if score.is_rain and score.hits.is_enough]
    return RuleScores(
        lead=max(rain, key=lambda score: score.sums.alerts, default=None),
        judged=tuple(score for score in scores if not score.is_empty),
        waiting=tuple(score.name for score in scores if score.is_empty),
        measured=tuple(_name(rule) for rule in rules if not is_verifiable(rule.says)),
    )


def _is_rain(rule: RuleInForce) -> bool:
    return all(one.aggregation is Aggregation.ANY_WET for one in rule.says.conditions)


def _name(rule: RuleInForce) -> str:
    return translate_name(key=rule.key, name=rule.name)
