"""Making and changing rules: the same checks as the admin's form, which are the engine's."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from html import unescape
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from weatherapp.alerting.concerned import list_concerned_places
from weatherapp.alerting.engine import wire
from weatherapp.alerting.engine.problems import Problem, find_problems
from weatherapp.alerting.engine.rule import Rule as EngineRule
from weatherapp.alerting.rulebook import read_version, save_version
from weatherapp.api.checking import Wrong
from weatherapp.api.operations import Call, Operation
from weatherapp.api.problems import not_found, wrong_body
from weatherapp.api.resources.rule import RULE, SeenRule, find_rule
from weatherapp.api.writing.evaluating import evaluate_soon
from weatherapp.api.writing.rule_body import CHANGE, CREATE, DEFINITION, complete, find_missing
from weatherapp.models import Place, Rule, RuleScope, Scope, Tag
from weatherapp.pages.rule_problems import describe_problem

logger = logging.getLogger(__name__)

COLUMNS = ("name", "is_active", "scope")
FIELD_NAMES = {"quantity_name": "quantity"}  # the engine's -> ours


def _create(call: Call) -> SeenRule:
    with transaction.atomic():
        rule = Rule()
        _store(rule, call)
    logger.info("API key %s made rule %s", call.key, rule.pk)
    return find_rule(rule.pk)


def _change(call: Call) -> SeenRule:
    with transaction.atomic():
        rule = Rule.objects.select_for_update().filter(pk=call.path["rule_id"]).first()
        if rule is None:
            raise not_found("rule")
        _store(rule, call)
    logger.info("API key %s changed rule %s", call.key, rule.pk)
    return find_rule(rule.pk)


def _store(rule: Rule, call: Call) -> None:
    """Raises ProblemError."""
    body = call.body
    newest = rule.versions.first() if rule.pk else None
    for name in COLUMNS:
        if name in body:
            value = body[name]
            setattr(rule, name, value.strip() if isinstance(value, str) else value)
    wrongs: list[Wrong] = [] if rule.name else [Wrong("/name", "Must not be empty.")]
    tags, places = _find_tags(body, wrongs), _find_places(body, wrongs)
    _check_scope(rule, tags, places, wrongs)
    says = None
    if newest is None or DEFINITION.intersection(body):
        says = _read_rule(body, read_version(newest) if newest else None, wrongs)
    if wrongs:
        raise wrong_body(wrongs)
    rule.save()
    if tags is not None:
        rule.tags.set(tags)
    if places is not None:
        rule.places.set(places)
    if says is not None:
        save_version(rule, says, now=call.now)
    evaluate_soon(list_concerned_places([rule.pk]))


def _find_tags(body: Mapping[str, Any], wrongs: list[Wrong]) -> list[Tag] | None:
    """None where they stay."""
    if "tags" not in body:
        return None
    found = []
    for index, name in enumerate(body["tags"]):
        tag = Tag.objects.filter(name__iexact=name.strip()).first()
        if tag is None:
            wrongs.append(Wrong(f"/tags/{index}", "There is no such tag."))
        else:
            found.append(tag)
    return found


def _find_places(body: Mapping[str, Any], wrongs: list[Wrong]) -> list[int] | None:
    """Their numbers; None where they stay."""
    if "places" not in body:
        return None
    wanted = [int(pk) for pk in body["places"]]
    known = set(Place.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    for index, pk in enumerate(wanted):
        if pk not in known:
            wrongs.append(Wrong(f"/places/{index}", "There is no such place."))
    return sorted(known)


def _check_scope(
    rule: Rule, tags: list[Tag] | None, places: list[int] | None, wrongs: list[Wrong]
) -> None:
    """What is not named in the request is what the rule has."""
    if rule.scope == RuleScope.TAGS:
        has_any = bool(tags) if tags is not None else rule.pk and rule.tags.exists()
        if not has_any:
            wrongs.append(Wrong("/tags", "Name at least one tag, or another scope."))
    if rule.scope == RuleScope.PLACES:
        has_any = bool(places) if places is not None else rule.pk and rule.places.exists()
        if not has_any:
            wrongs.append(Wrong("/places", "Name at least one place, or another scope."))


def _read_rule(
    body: Mapping[str, Any], before: EngineRule | None, wrongs: list[Wrong]
) -> EngineRule | None:
    """None, and what is wrong is added, where it can be no rule."""
    known = wire.to_json(before) if before else {}
    if before is None and "conditions" not in body:
        wrongs.append(Wrong("/conditions", "Must be given."))
        return None
    stored = known | {name: body[name] for name in DEFINITION.intersection(body)}
    if missing := list(find_missing(body.get("conditions", ()))):
        wrongs += missing
        return None
    says = wire.from_json(complete(stored))
    problems = find_problems(says)
    wrongs += [
        Wrong(_point_at(problem), unescape(describe_problem(problem, says))) for problem in problems
    ]
    return None if problems else says


def _point_at(problem: Problem) -> str:
    name = FIELD_NAMES.get(problem.field, problem.field)
    if problem.condition is None:
        return "/conditions" if name == "levels" else f"/{name}"
    at = f"/conditions/{problem.condition}"
    return f"{at}/{name}" if problem.level is None else f"{at}/levels/{problem.level}/{name}"


def _locate(seen: SeenRule) -> str:
    return settings.SITE_URL + reverse("api_rule", args=[seen.pk])


OPERATIONS = (
    Operation(
        "create_rule",
        "POST",
        "api_rules",
        "Rules",
        "Make a rule",
        RULE,
        _create,
        "It is applied at once.",
        body=CREATE,
        scope=Scope.RULES.value,
        status=201,
        locate=_locate,
    ),
    Operation(
        "change_rule",
        "PATCH",
        "api_rule",
        "Rules",
        "Change a rule",
        RULE,
        _change,
        "What is not named stays; `conditions` are named all or not at all. What it says from then on is a "
        "new version: alerts keep the one that they were decided by. Switched off, its alerts end.",
        body=CHANGE,
        scope=Scope.RULES.value,
        problems=(404,),
    ),
)
