"""Making and changing rules by key: the engine's own checks, said where they are."""

from __future__ import annotations

import copy

import pytest

from tests.factories import make_alert, make_place, make_rule, storm_gusts
from weatherapp import tasks
from weatherapp.models import Rule, RuleVersion, Scope, Tag

pytestmark = pytest.mark.django_db(transaction=True)

GUSTS = {
    "name": "Storm gusts",
    "conditions": [
        {
            "quantity": "wind_gust_ms",
            "basis": "FORECAST",
            "hours": 12,
            "aggregation": "MAXIMUM",
            "levels": [
                {"severity": "Moderate", "threshold": 18, "recovery_threshold": 15},
                {"severity": "Severe", "threshold": 29},
            ],
        }
    ],
}
THUNDER = {
    "quantity": "weather_code",
    "basis": "FORECAST",
    "hours": 6,
    "aggregation": "ANY_CODE",
    "levels": [
        {"severity": "Moderate", "codes": [95]},
        {"severity": "Severe", "codes": [99, 96]},
    ],
}


@pytest.fixture
def writer(make_program):
    return make_program(Scope.RULES)


@pytest.fixture(autouse=True)
def queued(monkeypatch):
    calls = []
    monkeypatch.setattr(tasks.evaluate_places, "delay", lambda place_ids: calls.append(place_ids))
    return calls


def change(path, value):
    """GUSTS with another value at `path`."""
    body = copy.deepcopy(GUSTS)
    *parts, last = path
    at = body
    for part in parts:
        at = at[part]
    at[last] = value
    return body


def read_errors(response):
    assert response.status_code == 422, response.content
    return {one["pointer"]: one["detail"] for one in response.json()["errors"]}


def test_a_rule_is_made_with_what_is_usual_and_applied_at_once(writer, queued):
    place = make_place()
    response = writer.post("/rules", GUSTS)
    rule = Rule.objects.get()

    assert response.status_code == 201
    assert response["Location"] == f"http://testserver/api/v1/rules/{rule.pk}"
    told = response.json()
    assert (told["scope"], told["pending_evaluations"], told["no_data_policy"]) == ("ALL", 1, "SAY")
    assert told["conditions"][0]["comparison"] == "AT_LEAST"
    assert told["conditions"][0]["levels"][1]["recovery_threshold"] == 29
    assert "18.0 m/s (Moderate)" in told["sentence"]
    assert writer.get(f"/rules/{rule.pk}").json() == told
    assert queued == [[place.pk]]


def test_a_level_of_codes_has_those_of_worse_ones(writer):
    told = writer.post("/rules", {"name": "Thunder", "conditions": [THUNDER]}).json()

    assert [level["codes"] for level in told["conditions"][0]["levels"]] == [[95, 96, 99], [96, 99]]


LEVELS = ("conditions", 0, "levels")


@pytest.mark.parametrize(
    ("body", "pointer", "detail"),
    [
        (change(("name",), " "), "/name", "empty"),
        (change(("conditions",), []), "/conditions", "1 items at least"),
        (change(("conditions", 0, "quantity"), "moonlight"), "/conditions/0/quantity", "one of"),
        (
            change(("conditions", 0, "quantity"), "dew_point_c"),
            "/conditions/0/basis",
            "only measured",
        ),
        (change(("conditions", 0, "basis"), "PROBABILITY"), "/conditions/0/basis", "rain only"),
        (change(("conditions", 0, "hours"), 49), "/conditions/0/hours", "1 to 48"),
        (change(("conditions", 0, "hours"), 1.5), "/conditions/0/hours", "a whole number"),
        (
            change(("conditions", 0, "aggregation"), "SUM"),
            "/conditions/0/aggregation",
            "Possible here",
        ),
        (change((*LEVELS, 0, "threshold"), 30), "/conditions/0/levels/1/threshold", "higher"),
        (
            change((*LEVELS, 0, "threshold"), 500),
            "/conditions/0/levels/0/threshold",
            "always or never",
        ),
        (
            change((*LEVELS, 0, "recovery_threshold"), 20),
            "/conditions/0/levels/0/recovery_threshold",
            "must not be higher",
        ),
        (change((*LEVELS, 0), {"severity": "Minor"}), "/conditions/0/levels/0/threshold", "given"),
        (change((*LEVELS, 0, "severity"), "Bad"), "/conditions/0/levels/0/severity", "one of"),
        (change((*LEVELS, 0, "threshold"), None), "/conditions/0/levels/0/threshold", "a number"),
        (GUSTS | {"months": [13]}, "/months/0", "at most 12"),
        (GUSTS | {"from_hour": 8}, "/from_hour", "both hours"),
        (GUSTS | {"pending_minutes": 10**9}, "/pending_minutes", "at most"),
        (GUSTS | {"lead_from_hours": 40}, "/lead_from_hours", "too far ahead"),
        (GUSTS | {"scope": "TAGS"}, "/tags", "at least one tag"),
        (GUSTS | {"scope": "PLACES", "places": []}, "/places", "at least one place"),
        (GUSTS | {"tags": ["nowhere"]}, "/tags/0", "no such tag"),
        (GUSTS | {"places": [999]}, "/places/0", "no such place"),
        (GUSTS | {"key": "heavy-rain"}, "/key", "not known"),
        (
            GUSTS | {"conditions": [THUNDER | {"levels": [{"severity": "Minor"}]}]},
            "/conditions/0/levels/0/codes",
            "at least one kind",
        ),
        (
            GUSTS | {"conditions": [THUNDER | {"levels": THUNDER["levels"][::-1]}]},
            "/conditions/0/levels/1/severity",
            "lowest",
        ),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(writer, queued, body, pointer, detail):
    errors = read_errors(writer.post("/rules", body))

    assert detail in errors[pointer]
    assert Rule.objects.count() == RuleVersion.objects.count() == 0
    assert queued == []


def test_conditions_begin_at_one_severity(writer):
    rain = THUNDER | {"levels": [{"severity": "Minor", "codes": [61]}]}
    errors = read_errors(
        writer.post("/rules", GUSTS | {"conditions": [*GUSTS["conditions"], rain]})
    )

    assert "same severity" in errors["/conditions"]


def test_a_change_is_a_new_version_and_keeps_the_rest(writer):
    rule = make_rule(make_place(), says=storm_gusts())

    told = writer.patch(f"/rules/{rule.pk}", {"keep_firing_minutes": 30}).json()

    assert (told["version"], told["keep_firing_minutes"]) == (2, 30)
    assert told["conditions"][0]["levels"][0]["threshold"] == 18
    assert told["scope"] == "PLACES"


def test_a_change_of_the_row_alone_is_no_new_version(writer):
    rule = make_rule(says=storm_gusts())

    told = writer.patch(f"/rules/{rule.pk}", {"name": "Gales"}).json()

    assert (told["name"], told["version"]) == ("Gales", 1)


def test_switched_off_its_alerts_places_are_looked_at(writer, queued):
    rule = make_rule(place := make_place(), says=storm_gusts())
    make_alert(rule)

    assert writer.patch(f"/rules/{rule.pk}", {"is_active": False}).json()["is_active"] is False
    assert queued == [[place.pk]]


def test_scope_and_what_it_needs_may_come_apart(writer):
    place = make_place()
    Tag.objects.create(name="Coast")
    rule = make_rule(says=storm_gusts())
    path = f"/rules/{rule.pk}"

    assert read_errors(writer.patch(path, {"scope": "TAGS"}))
    assert writer.patch(path, {"tags": ["coast"]}).json()["tags"] == ["Coast"]
    assert writer.patch(path, {"scope": "TAGS"}).json()["scope"] == "TAGS"
    assert read_errors(writer.patch(path, {"tags": []}))
    told = writer.patch(path, {"scope": "PLACES", "places": [place.pk, place.pk]}).json()
    assert told["places"] == [place.pk]


def test_a_rule_that_cannot_be_read_is_mended_by_naming_all_of_it(writer):
    rule = make_rule(says=storm_gusts())
    rule.versions.update(definition={"conditions": [{"quantity": "moonlight"}]})
    path = f"/rules/{rule.pk}"

    assert "/conditions" in read_errors(writer.patch(path, {"pending_minutes": 5}))
    told = writer.patch(path, {"conditions": GUSTS["conditions"]}).json()

    assert (told["version"], told["conditions"][0]["hours"]) == (2, 12)


def test_what_is_not_there_cannot_be_changed(writer):
    assert writer.patch("/rules/999", {"name": "X"}).status_code == 404
