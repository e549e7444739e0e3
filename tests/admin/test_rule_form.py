"""The form of a rule: what it shows is what is stored."""

from __future__ import annotations

import pytest

from tests.admin.rule_forms import (
    ADD,
    change_page,
    condition_fields,
    gust_form,
    read_form,
)
from tests.factories import NOON, make_rule, rain_soon, storm_gusts
from weatherapp.alerting.catalogue import CATALOGUE
from weatherapp.alerting.engine import wire
from weatherapp.alerting.installing import install_rules
from weatherapp.models import Rule, RuleVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]


def test_a_rule_is_stored_as_it_was_typed(operator):
    answer = operator.post(ADD, gust_form())

    assert answer.status_code == 302
    rule = Rule.objects.get()
    version = rule.versions.get()
    assert (rule.name, rule.is_active, rule.scope, rule.key) == ("Gusts", True, "ALL", "")
    assert version.definition == wire.to_json(storm_gusts())
    assert version.created_by.username == "operator"
    assert not version.is_from_catalogue


def test_percents_are_typed_and_shown_as_percents(operator):
    rule = make_rule(says=rain_soon(threshold=0.57, recovery=0.35))
    page = operator.get(change_page(rule))
    sent = read_form(page)

    assert sent["condition-0-minor_threshold"] == 57
    assert sent["condition-0-minor_recovery_threshold"] == 35
    assert "<span data-unit>%</span>" in page.content.decode()

    operator.post(change_page(rule), sent | {"condition-0-minor_threshold": "62.5"})

    (level,) = wire.from_json(rule.versions.latest().definition).conditions[0].levels
    assert (level.threshold, level.recovery_threshold) == (0.625, 0.35)


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.key)
def test_saving_what_is_shown_changes_nothing(operator, broker, entry):
    install_rules(now=NOON)
    rule = Rule.objects.get(key=entry.key)

    answer = operator.post(change_page(rule), read_form(operator.get(change_page(rule))))

    assert answer.status_code == 302
    assert rule.versions.get().is_from_catalogue
    assert broker.read_queue() == []


def test_an_edit_makes_a_new_version_and_keeps_the_old_one(operator):
    rule = make_rule(says=storm_gusts())

    operator.post(change_page(rule), gust_form(**condition_fields(0, severe_threshold="30")))

    newest, old = rule.versions.all()
    assert (newest.number, old.number) == (2, 1)
    assert newest.definition["conditions"][0]["levels"][1]["threshold"] == 30
    assert old.definition == wire.to_json(storm_gusts())


def test_kinds_of_weather_are_chosen_by_name_each_with_its_severity(operator):
    page = operator.get(ADD).content.decode()
    assert '<label for="id_condition-0-codes-95">Thunderstorm</label>' in page
    thunder = condition_fields(0, quantity="weather_code", aggregation="ANY_CODE")
    kinds = {"condition-0-codes-95": "Minor", "condition-0-codes-99": "Severe"}

    operator.post(ADD, gust_form(**thunder, **kinds))

    levels = wire.from_json(RuleVersion.objects.get().definition).conditions[0].levels
    assert [(level.severity, sorted(level.codes)) for level in levels] == [
        ("Minor", [95, 99]),
        ("Severe", [99]),
    ]


def test_three_conditions_and_all_knobs_are_stored(operator):
    second = condition_fields(1, quantity="temperature_c", basis="MEASURED", aggregation="MEAN")
    third = condition_fields(
        2, quantity="pressure_msl_hpa", aggregation="CHANGE", comparison="AT_MOST"
    ) | {
        "condition-2-moderate_threshold": "-3.6",
        "condition-2-moderate_recovery_threshold": "-1.5",
        "condition-2-severe_threshold": "-6",
        "condition-2-severe_recovery_threshold": "-3.5",
    }
    knobs = {
        "pending_evaluations": "2",
        "pending_minutes": "30",
        "keep_firing_minutes": "60",
        "rearm_minutes": "180",
        "lead_from_hours": "6",
        "months": ["12", "1"],
        "from_hour": "20",
        "to_hour": "8",
        "no_data_policy": "END",
    }

    operator.post(ADD, gust_form(**second, **third, **knobs))

    says = wire.from_json(RuleVersion.objects.get().definition)
    assert [one.quantity_name for one in says.conditions] == [
        "wind_gust_ms",
        "temperature_c",
        "pressure_msl_hpa",
    ]
    assert says.conditions[2].levels[0].threshold == -3.6
    assert (says.pending_evaluations, says.pending_minutes, says.keep_firing_minutes) == (2, 30, 60)
    assert (says.rearm_minutes, says.lead_from_hours, says.months) == (180, 6, {1, 12})
    assert (says.from_hour, says.to_hour, says.no_data_policy) == (20, 8, "END")


def test_without_a_second_value_it_ends_at_the_first(operator):
    operator.post(ADD, gust_form(**{"condition-0-moderate_recovery_threshold": ""}))

    assert RuleVersion.objects.get().definition["conditions"][0]["levels"][0] == {
        "severity": "Moderate",
        "threshold": 18.0,
        "recovery_threshold": 18.0,
        "codes": [],
    }
