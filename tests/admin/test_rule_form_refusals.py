"""Rules that cannot be are refused with the reason, at the field."""

from __future__ import annotations

import pytest

from tests.admin.rule_forms import (
    ADD,
    change_page,
    condition_fields,
    errors_of,
    gust_form,
)
from tests.factories import make_place, make_rule, storm_gusts
from weatherapp.models import Rule, RuleVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        pytest.param({"quantity": ""}, "condition-0-quantity", "Choose the quantity", id="none"),
        pytest.param({"quantity": "luck"}, "condition-0-quantity", "valid choice", id="unknown"),
        pytest.param(
            {"quantity": "precipitation_probability", "basis": "MEASURED"},
            "condition-0-basis",
            "Probability of precipitation is not measured",
            id="probability is not measured",
        ),
        pytest.param(
            {"quantity": "dew_point_c"},
            "condition-0-basis",
            "No source forecasts this: dew point",
            id="no source forecasts it",
        ),
        pytest.param(
            {"basis": "PROBABILITY"},
            "condition-0-basis",
            "a probability of rain only",
            id="a probability of wind",
        ),
        pytest.param(
            {"aggregation": "SUM"},
            "condition-0-aggregation",
            "Possible here: the change, the highest, the mean, the lowest.",
            id="sum of gusts",
        ),
        pytest.param(
            {"hours": "49"}, "condition-0-hours", "1 to 48 hours", id="farther than forecasts"
        ),
        pytest.param({"hours": "0"}, "condition-0-hours", "1 to 48 hours", id="no hours"),
        pytest.param(
            {"hours": "241", "basis": "MEASURED"},
            "condition-0-hours",
            "1 to 240",
            id="too long ago",
        ),
        pytest.param({"hours": ""}, "condition-0-hours", "required", id="hours missing"),
        pytest.param({"hours": "9" * 400}, "condition-0-hours", "9999", id="hours without end"),
        pytest.param(
            {"moderate_threshold": "", "moderate_recovery_threshold": ""}
            | {"severe_threshold": "", "severe_recovery_threshold": ""},
            "condition-0-minor_threshold",
            "at least one severity",
            id="no level",
        ),
        pytest.param(
            {"severe_threshold": "17", "severe_recovery_threshold": "16"},
            "condition-0-severe_threshold",
            "must be higher than the value of the severity before",
            id="levels out of order",
        ),
        pytest.param(
            {"severe_threshold": "151"},
            "condition-0-severe_threshold",
            "wind gust here goes from 0.0 m/s to 150.0 m/s",
            id="more than any gust",
        ),
        pytest.param(
            {"moderate_threshold": "0", "moderate_recovery_threshold": "0"},
            "condition-0-moderate_threshold",
            "always or never",
            id="always so",
        ),
        pytest.param(
            {"moderate_recovery_threshold": "19"},
            "condition-0-moderate_recovery_threshold",
            "must not be higher",
            id="recovery on the wrong side",
        ),
        pytest.param(
            {"moderate_recovery_threshold": "0"},
            "condition-0-moderate_recovery_threshold",
            "would never end: wind gust here goes from 0.0 m/s to 150.0 m/s",
            id="recovery that all weather reaches",
        ),
        pytest.param(
            {"moderate_threshold": ""},
            "condition-0-moderate_threshold",
            "must begin at one",
            id="an end without a beginning",
        ),
        pytest.param(
            {"moderate_threshold": "nan"}, "condition-0-moderate_threshold", "number", id="nan"
        ),
        pytest.param(
            {"moderate_threshold": "1e999"},
            "condition-0-moderate_threshold",
            "number",
            id="endless",
        ),
        pytest.param(
            {"quantity": "pressure_msl_hpa", "aggregation": "CHANGE", "comparison": "AT_MOST"},
            "condition-0-moderate_threshold",
            "A fall is below zero",
            id="a fall above zero",
        ),
        pytest.param(
            {"quantity": "temperature_c", "aggregation": "CHANGE", "severe_threshold": "900"},
            "condition-0-severe_threshold",
            "is always less than 150.0 °C",
            id="a change that cannot be",
        ),
        pytest.param(
            {"quantity": "weather_code", "aggregation": "ANY_CODE"},
            "condition-0-codes",
            "at least one kind of weather",
            id="no kind of weather",
        ),
        pytest.param(
            {"quantity": "weather_code", "aggregation": "ANY_CODE", "codes-95": "Awful"},
            "condition-0-codes",
            "no such severity",
            id="an unknown severity",
        ),
        pytest.param(
            {"quantity": "weather_code", "codes-95": "Minor"},
            "condition-0-aggregation",
            "Possible here: any hour with a kind of weather.",
            id="the highest kind of weather",
        ),
        pytest.param(
            {"quantity": "weather_code", "aggregation": "ANY_CODE", "comparison": "AT_MOST"}
            | {"codes-95": "Minor"},
            "condition-0-comparison",
            "there or not",
            id="at most a thunderstorm",
        ),
        pytest.param(
            {"quantity": "precipitation_probability", "basis": "PROBABILITY", "hours": "12"}
            | {"aggregation": "ANY_WET", "severe_threshold": "101"},
            "condition-0-severe_threshold",
            "goes from 0 % to 100 %",
            id="more than certain",
        ),
    ],
)
def test_a_condition_that_cannot_be_is_refused_at_its_field(operator, changes, field, words):
    answer = operator.post(ADD, gust_form(**condition_fields(0, **changes)))

    errors = errors_of(answer)
    assert words in errors[field]
    assert errors[""] == "See condition 1."
    assert not Rule.objects.exists()
    assert not RuleVersion.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        pytest.param({"name": ""}, "name", "required", id="no name"),
        pytest.param({"scope": "MOON"}, "scope", "valid choice", id="unknown scope"),
        pytest.param({"scope": "TAGS"}, "tags", "at least one tag", id="no tag"),
        pytest.param({"scope": "PLACES"}, "places", "at least one place", id="no place"),
        pytest.param(
            {"scope": "PLACES", "places": "Dublin\nAtlantis"},
            "places",
            "no place with this name: Atlantis",
            id="unknown place",
        ),
        pytest.param({"pending_evaluations": "0"}, "pending_evaluations", "1 to 24", id="never"),
        pytest.param({"pending_minutes": "44641"}, "pending_minutes", "44640", id="too patient"),
        pytest.param({"keep_firing_minutes": "-1"}, "keep_firing_minutes", "44640", id="before"),
        pytest.param({"rearm_minutes": "99999999"}, "rearm_minutes", "31 days", id="for years"),
        pytest.param({"rearm_minutes": ""}, "rearm_minutes", "required", id="empty"),
        pytest.param({"lead_from_hours": "37"}, "lead_from_hours", "too far ahead", id="too far"),
        pytest.param({"lead_from_hours": "-1"}, "lead_from_hours", "below zero", id="in the past"),
        pytest.param({"months": ["13"]}, "months", "valid choice", id="a thirteenth month"),
        pytest.param({"from_hour": "8"}, "from_hour", "both hours", id="half a day"),
        pytest.param({"from_hour": "8", "to_hour": "8"}, "from_hour", "not the same", id="no time"),
        pytest.param({"from_hour": "8", "to_hour": "25"}, "from_hour", "0 to 24", id="25 o'clock"),
        pytest.param({"no_data_policy": "HOPE"}, "no_data_policy", "valid choice", id="policy"),
        pytest.param(
            {"condition-0-quantity": ""}
            | dict.fromkeys(
                [
                    f"condition-0-{severity}_{name}"
                    for severity in ("moderate", "severe")
                    for name in ("threshold", "recovery_threshold")
                ],
                "",
            ),
            "",
            "at least one condition",
            id="no condition",
        ),
        pytest.param(
            condition_fields(1, moderate_threshold="", moderate_recovery_threshold=""),
            "",
            "begin with the same severity",
            id="lowest levels differ",
        ),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_field(operator, changes, field, words):
    make_place()

    answer = operator.post(ADD, gust_form(**changes))

    assert words in errors_of(answer)[field]
    assert not Rule.objects.exists()


def test_all_that_is_wrong_is_said_at_once(operator):
    wrong = condition_fields(
        0, severe_threshold="151", moderate_recovery_threshold="19", hours="99"
    )
    more = condition_fields(2, aggregation="SUM", hours="many")

    answer = operator.post(ADD, gust_form(**wrong, **more, rearm_minutes="-1", from_hour="8"))

    assert set(errors_of(answer)) == {
        "",
        "rearm_minutes",
        "from_hour",
        "lead_from_hours",
        "condition-0-hours",
        "condition-0-severe_threshold",
        "condition-0-moderate_recovery_threshold",
        "condition-2-hours",
    }
    page = answer.content.decode()
    assert page.count("<details open>") >= 2
    assert 'value="151"' in page


def test_an_edit_that_cannot_be_leaves_the_rule_as_it_was(operator, broker):
    rule = make_rule(says=storm_gusts(), name="Before")

    operator.post(change_page(rule), gust_form(**{"condition-0-hours": "99"}))

    rule.refresh_from_db()
    assert rule.name == "Before"
    assert rule.versions.count() == 1
    assert broker.read_queue() == []
