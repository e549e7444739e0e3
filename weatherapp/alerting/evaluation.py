"""Facts of places -> decisions -> changes of their alerts, stored in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from weatherapp.alerting import memory
from weatherapp.alerting.engine.decide import decide
from weatherapp.alerting.engine.snapshot import Reason, Snapshot
from weatherapp.alerting.known import read_facts
from weatherapp.alerting.ledger import EvaluationContext, Ledger
from weatherapp.alerting.rulebook import (
    RuleInForce,
    longest_past_hours,
    names_by_basis,
    read_rulebook,
    tag_ids,
)
from weatherapp.domain.conditions import Basis
from weatherapp.models import Alert, Place, RuleState, RuleVersion
from weatherapp.models.place import read_clocks

BATCH = 50  # places; with more a worker is not faster, and larger


@dataclass(frozen=True, slots=True)
class _Remembered:
    """By rule and place."""

    alerts: dict[tuple[int, int], Alert]
    rule_states: dict[tuple[int, int], RuleState]
    versions: dict[int, int]  # rule id -> its newest version's, of rules with open alerts

    def snapshot(self, key: tuple[int, int]) -> Snapshot:
        if key in self.alerts:
            return memory.read_alert(self.alerts[key])
        if key in self.rule_states:
            return memory.read_rule_state(self.rule_states[key])
        return Snapshot()


def evaluate_places(
    place_ids: Sequence[int], *, now: datetime, new: Collection[Basis] = tuple(Basis)
) -> list[int]:
    """Apply the rules to what is known of the places; ids of the changes made, in order.

    Only the rules that look at anything of `new`: the others were applied when what they look at
    came, and what time alone changes find_due_places finds.

    `now` is real time. The number of queries does not depend on how many places (up to BATCH),
    rules or open alerts there are. Safe to call twice: the second call finds nothing to change.
    """
    changes: list[int] = []
    for batch in split(place_ids):
        changes += _evaluate_batch(batch, now, frozenset(new))
    return changes


def split(place_ids: Sequence[int]) -> list[list[int]]:
    """Into batches."""
    return [list(place_ids[start : start + BATCH]) for start in range(0, len(place_ids), BATCH)]


def find_due_places(
    *, now: datetime, limit: int, among: Collection[int] | None = None
) -> list[int]:
    """Places at which time alone may change something, longest due first; one query.

    `among` None: of all places.
    """
    here = Q() if among is None else Q(place__in=among)
    alerts = Alert.objects.due(now).filter(here).order_by().values_list("check_at", "place_id")
    held = RuleState.objects.due(now).filter(here).order_by().values_list("check_at", "place_id")
    found = alerts.union(held).order_by("check_at", "place_id")[:limit]
    return list(dict.fromkeys(place_id for _, place_id in found))


@transaction.atomic
def _evaluate_batch(place_ids: Sequence[int], now: datetime, new: frozenset[Basis]) -> list[int]:
    # The rows' lock makes two evaluations of a place take turns.
    rows = Place.objects.select_for_update().filter(pk__in=place_ids).order_by("pk")
    places = list(rows.prefetch_related("tags"))
    if not places:
        return []
    rules, clocks = read_rulebook(), read_clocks(places, now=now)
    remembered = _read_remembered(places)
    concerned = [rule for rule in rules if not new.isdisjoint(rule.says.bases)]
    # What is new is read in any case: an alert that is closed names its prediction.
    names = dict.fromkeys(new, frozenset[str]()) | names_by_basis(concerned)
    hours = longest_past_hours(concerned)
    facts = read_facts(places, clocks, past_hours=hours, names=names)
    ledger = Ledger(now)
    for place in places:
        context = EvaluationContext(place, clocks[place.pk], facts[place.pk])
        _apply(context, concerned, remembered, ledger)
        _close_others(context, rules, remembered, ledger)
    return ledger.write()


def _apply(
    context: EvaluationContext,
    rules: Sequence[RuleInForce],
    remembered: _Remembered,
    ledger: Ledger,
) -> None:
    """Rules at one place."""
    for rule in _list_rules(context.place, rules):
        key = (rule.rule_id, context.place.pk)
        before = remembered.snapshot(key)
        transition = decide(rule.says, context.facts, before, context.place_now)
        ledger.note(
            context,
            rule,
            transition,
            before,
            remembered.alerts.get(key),
            remembered.rule_states.get(key),
        )


def _close_others(
    context: EvaluationContext,
    rules: Sequence[RuleInForce],
    remembered: _Remembered,
    ledger: Ledger,
) -> None:
    """What is remembered of rules that look at the place no longer."""
    ids = {rule.rule_id for rule in rules}
    in_force = {rule.rule_id for rule in _list_rules(context.place, rules)}
    for (rule_id, place_id), alert in remembered.alerts.items():
        if place_id == context.place.pk and rule_id not in in_force:
            reason = Reason.PLACE_OFF if rule_id in ids else Reason.RULE_OFF
            version_id = remembered.versions[rule_id]
            ledger.close(context, alert, reason, version_id=version_id)
    for (rule_id, place_id), rule_state in remembered.rule_states.items():
        if place_id == context.place.pk and rule_id not in in_force:
            ledger.forget(rule_state)


def _list_rules(place: Place, rules: Sequence[RuleInForce]) -> Iterator[RuleInForce]:
    if not place.is_active:
        return
    own_tags = tag_ids(place)
    yield from (rule for rule in rules if rule.looks_at(place.pk, own_tags))


def _read_remembered(places: Sequence[Place]) -> _Remembered:
    alerts = list(Alert.objects.open().filter(place__in=places).order_by("pk"))
    versions = (
        RuleVersion.objects.filter(rule__in={alert.rule_id for alert in alerts})
        .order_by("number")
        .values_list("rule_id", "pk")
    )
    rule_states = RuleState.objects.filter(place__in=places)
    return _Remembered(
        {(alert.rule_id, alert.place_id): alert for alert in alerts},
        {(row.rule_id, row.place_id): row for row in rule_states},
        dict(versions),
    )
