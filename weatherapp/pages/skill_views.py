"""How good are we: pages of the whole site and of a place."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from django.db.models import Count, F, Max, QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from weatherapp.alerting.rulebook import read_rulebook, tag_ids
from weatherapp.models import Place, RuleScope, RuleSkill, RuleVersion, SkillCount
from weatherapp.pages.conditional import conditional
from weatherapp.pages.replay import describe_replay, read_clocks
from weatherapp.pages.skill import read_skill
from weatherapp.pages.skill_list import list_place_skills
from weatherapp.pages.skill_rules import read_rule_scores
from weatherapp.pages.versions import MOST_ID, Version
from weatherapp.pages.views import PageRequest

ALERTS = F("hits") + F("false_alarms") + F("unknown") + F("events")


def read_skill_version() -> Version:
    """What is counted of the whole site changes with whatever is counted of a place."""
    return _make_version(None, Place.objects.aggregate(count=Count("pk"), newest=Max("pk")))


def read_place_skill_version(pk: int) -> Version:
    """Raises Http404."""
    place = Place.objects.filter(pk=min(pk, MOST_ID)).values("pk", "name", "time_zone").first()
    if place is None or pk > MOST_ID:
        raise Http404
    return _make_version(pk, dict(place))


@require_safe
@conditional(read_skill_version)
def skill(request: PageRequest) -> HttpResponse:
    rules = read_rulebook()
    context = {
        "skill": read_skill(None),
        "rules": read_rule_scores(None, rules),
        "places": list_place_skills(request.GET.get("page")),
    }
    return render(request, "skill/page.html", context)


@require_safe
@conditional(read_place_skill_version)
def skill_place(request: PageRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(Place, pk=pk)
    rules = read_rulebook()
    tags = tag_ids(place) if any(rule.scope == RuleScope.TAGS for rule in rules) else []
    context = {
        "place": place,
        "replay": describe_replay(place, read_clocks(timezone.now())),
        "skill": read_skill(pk),
        "rules": read_rule_scores(pk, [rule for rule in rules if rule.looks_at(pk, tags)]),
    }
    return render(request, "skill/place.html", context)


def _make_version(place_id: int | None, about: dict[str, Any]) -> Version:
    """Sums over a handful of rows: they only grow."""
    skills: QuerySet[SkillCount] = SkillCount.objects.filter(place=place_id)
    alerts: QuerySet[RuleSkill] = RuleSkill.objects.filter(place=place_id)
    marks = (
        about,
        skills.aggregate(until=Max("until_at"), cases=Sum("cases"), rows=Count("pk")),
        alerts.aggregate(judged=Sum(ALERTS), rows=Count("pk")),
        RuleVersion.objects.aggregate(newest=Max("pk")),
    )
    mark = blake2b(repr(marks).encode(), digest_size=9).hexdigest()
    return Version(page=mark)
