"""A new demo shows at once how good the forecasts of its year were."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.factories import make_place
from tests.pages.markup import words
from weatherapp.alerting.catalogue import BY_KEY
from weatherapp.alerting.engine import wire
from weatherapp.alerting.engine.rule import Rule as EngineRule
from weatherapp.alerting.installing import install_rules
from weatherapp.alerting.rulebook import save_version
from weatherapp.forecasting.scoring.skill_rows import add_up
from weatherapp.intake.scenes.catalogue import SCENES, STATIONS
from weatherapp.intake.scenes.scored import load_scored
from weatherapp.models import Place, Rule, RuleSkill, SkillCount
from weatherapp.operations.demo import load
from weatherapp.operations.scored_scene import load_scored_past

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def make_station(code="JFK", **fields):
    return make_place(name=code, source="replay", station=code, **fields)


def test_a_new_demo_has_the_scored_year_of_its_stations(client):
    load(SCENES["andrea-2013"])

    for place in Place.objects.all():
        page = words(client.get(f"/accuracy/{place.pk}/"))
        assert "alerts of “Rain " in page
        assert "smaller than those of somebody who only knows" in page
        assert "with a model that had never seen these stations" in page
    assert "alerts of “Rain " in words(client.get("/accuracy/"))


def test_all_stations_together_are_the_sum():
    load(SCENES["andrea-2013"])

    whole = add_up(SkillCount.objects.filter(place=None))
    assert whole.cases == add_up(SkillCount.objects.exclude(place=None)).cases
    assert whole.cases > 3 * 200 * 24 * 24


def test_it_is_stored_once():
    load(SCENES["andrea-2013"])
    before = list(SkillCount.objects.values()), list(RuleSkill.objects.values())

    load(SCENES["andrea-2013"])

    assert (list(SkillCount.objects.values()), list(RuleSkill.objects.values())) == before


def test_places_that_are_no_replay_of_a_scored_station_get_nothing():
    install_rules(now=timezone.now())

    live = make_place(name="Live", station="JFK")

    assert load_scored_past([make_place(), make_station("ABC"), live]) == 0
    assert not SkillCount.objects.exists()


def test_a_rule_that_was_edited_is_not_credited_with_what_it_did_not_say():
    install_rules(now=timezone.now())
    rule = Rule.objects.get(key="rain-soon")
    edited = EngineRule(BY_KEY["rain-soon"].says.conditions, pending_minutes=30)
    save_version(rule, edited, now=timezone.now())

    load_scored_past([make_station()])

    scored = set(RuleSkill.objects.values_list("version__rule__key", flat=True))
    assert scored == {"rain-6h"}


def test_what_was_scored_is_what_the_catalogue_says():
    scored = load_scored()

    assert set(scored["stations"]) == {station.code for station in STATIONS}
    for key, definition in scored["rules"].items():
        assert definition == wire.to_json(BY_KEY[key].says), "make it again: bench/scored_year.py"
