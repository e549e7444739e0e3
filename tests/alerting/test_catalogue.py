"""The rules that come with the site."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.factories import NOON, storm_gusts
from weatherapp.alerting import installing
from weatherapp.alerting.catalogue import BY_KEY, CATALOGUE
from weatherapp.alerting.engine import wire
from weatherapp.alerting.engine.problems import find_problems
from weatherapp.alerting.installing import install_rules
from weatherapp.alerting.rulebook import read_rulebook, save_version
from weatherapp.models import Rule, RuleScope, RuleVersion


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.key)
def test_each_can_be_and_names_its_source(entry):
    assert find_problems(entry.says) == []
    assert entry.source
    assert wire.from_json(wire.to_json(entry.says)) == entry.says


def test_keys_are_unique():
    assert len(BY_KEY) == len(CATALOGUE) >= 13


@pytest.mark.django_db
def test_all_are_on_for_every_place_from_the_first_start():
    assert install_rules(now=NOON) == [entry.key for entry in CATALOGUE]

    assert [rule.name for rule in read_rulebook()] == [entry.name for entry in CATALOGUE]
    assert {rule.scope for rule in Rule.objects.all()} == {RuleScope.ALL}


@pytest.mark.django_db
def test_a_second_time_changes_nothing():
    install_rules(now=NOON)

    assert install_rules(now=NOON) == []
    assert RuleVersion.objects.count() == len(CATALOGUE)


@pytest.mark.django_db
def test_a_later_release_updates_what_nobody_edited(monkeypatch):
    install_rules(now=NOON)
    edited, off = Rule.objects.get(key="gale"), Rule.objects.get(key="snow")
    save_version(edited, storm_gusts(), now=NOON)
    Rule.objects.filter(pk=off.pk).update(is_active=False, name="Schnee")
    changed = [replace(entry, says=storm_gusts(hours=3)) for entry in CATALOGUE]
    monkeypatch.setattr(installing, "CATALOGUE", (*changed, replace(changed[0], key="new")))

    updated = install_rules(now=NOON)

    assert set(updated) == {entry.key for entry in CATALOGUE} - {"gale"} | {"new"}
    assert edited.versions.latest().definition == wire.to_json(storm_gusts())
    off.refresh_from_db()
    assert (off.is_active, off.name) == (False, "Schnee")
