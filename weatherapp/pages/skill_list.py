"""Places with what is known of their forecasts, page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.urls import reverse

from weatherapp.models import Place, SkillCount
from weatherapp.models.slugs import add_words
from weatherapp.pages.skill import Skill, make_skill

PLACES_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class PlaceSkill:
    name: str
    url: str
    skill: Skill


@dataclass(frozen=True, slots=True)
class SkillList:
    pages: Page[Place]
    lines: tuple[PlaceSkill, ...]


def list_place_skills(page: str | None) -> SkillList:
    """Three queries, however many places there are."""
    places = Place.objects.active().order_by("name", "pk")
    pages = Paginator(places, PLACES_A_PAGE).get_page(page)
    shown = list(pages.object_list)
    rows: defaultdict[int | None, list[SkillCount]] = defaultdict(list)
    for row in SkillCount.objects.filter(place__in=shown):
        rows[row.place_id].append(row)
    return SkillList(pages, tuple(_make_line(place, rows[place.pk]) for place in shown))


def _make_line(place: Place, rows: Sequence[SkillCount]) -> PlaceSkill:
    return PlaceSkill(place.name, find_skill_url(place), make_skill(rows))


def find_skill_url(place: Place) -> str:
    return reverse("skill_place", args=[add_words(place.pk, place.name)])
