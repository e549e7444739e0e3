"""The form of a rule: what it shows is what is stored, and what cannot be is refused with the reason."""

from __future__ import annotations

import pytest

from tests.factories import NOON, make_alert, make_place, make_rule, rain_soon, storm_gusts
from weatherapp.alerting.catalogue import CATALOGUE
from weatherapp.alerting.engine import wire
from weatherapp.alerting.installing import install_rules
from weatherapp.domain.conditions import Basis
from weatherapp.models import Place, Rule, RuleVersion, Tag

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]

ADD = "/admin/weatherapp/rule/add/"
NBSP = "\u00a0"


def change_page(rule: Rule) -> str:
    return f"/admin/weatherapp/rule/{rule.pk}/change/"


def read_form(page) -> dict[str, object]:
    """What a browser would send of the form as it is shown."""
    form = page.context["adminform"].form
    sent: dict[str, object] = {}
    for part in (form, *form.conditions):
        for field in part:
            value = field.value()
            if field.name == "codes":
                sent |= {
                    f"{field.html_name}-{code}": level for code, level in (value or {}).items()
                }
            elif value is not None and value is not False:
                sent[field.html_name] = field.field.prepare_value(value)
    return sent


def gust_form(**fields: object) -> dict[str, object]:
    """A rule on gusts of 18 and 29 m/s, as a browser sends it."""
    return {
        "name": "Gusts",
        "is_active": "on",
        "scope": "ALL",
        "places": "",
        "pending_evaluations": "1",
        "pending_minutes": "0",
        "keep_firing_minutes": "0",
        "rearm_minutes": "0",
        "lead_from_hours": "0",
        "from_hour": "",
        "to_hour": "",
        "no_data_policy": "SAY",
        **condition_fields(0),
        **fields,
    }


def condition_fields(number: int, **fields: object) -> dict[str, object]:
    defaults: dict[str, object] = {
        "quantity": "wind_gust_ms",
        "basis": "FORECAST",
        "hours": "12",
        "aggregation": "MAXIMUM",
        "comparison": "AT_LEAST",
        "moderate_threshold": "18",
        "moderate_recovery_threshold": "15",
        "severe_threshold": "29",
        "severe_recovery_threshold": "26",
    }
    return {f"condition-{number}-{name}": value for name, value in (defaults | fields).items()}


def errors_of(answer) -> dict[str, str]:
    """By the field's name on the page; "" for those of the whole form."""
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    found = {}
    for part in (form, *form.conditions):
        for name, errors in part.errors.items():
            found["" if name == "__all__" else part.add_prefix(name)] = " ".join(errors)
    return {name: text.replace(NBSP, " ") for name, text in found.items()}


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


def test_the_sentence_can_be_read_before_it_is_stored(operator):
    answer = operator.post(ADD, gust_form(_preview="Show"))

    text = answer.content.decode().replace(NBSP, " ")
    assert "Not stored yet." in text
    assert "the highest wind gust forecast for the next 12 hours is 18.0 m/s (Moderate)" in text
    assert "Please correct" not in text
    assert 'value="29"' in text
    assert not Rule.objects.exists()


def test_a_preview_of_what_cannot_be_says_so(operator):
    answer = operator.post(ADD, gust_form(_preview="Show", rearm_minutes="-1"))

    assert "rearm_minutes" in errors_of(answer)
    assert "Not stored yet." not in answer.content.decode()


def test_places_are_chosen_by_name_however_it_is_spelt(operator):
    dublin, cork = make_place(), make_place(name="Cork")
    make_place(name="Galway")

    operator.post(ADD, gust_form(scope="PLACES", places="cork\r\n\r\n DUBLIN \r\ncork"))

    rule = Rule.objects.get()
    assert set(rule.places.all()) == {dublin, cork}
    assert read_form(operator.get(change_page(rule)))["places"] == "Cork\nDublin"


def test_places_are_chosen_by_tag(operator):
    coast = Tag.objects.create(name="coast")

    operator.post(ADD, gust_form(scope="TAGS", tags=[coast.pk]))

    assert list(Rule.objects.get().tags.all()) == [coast]


def test_a_version_that_nobody_can_read_can_be_written_anew(operator):
    rule = make_rule(says=storm_gusts())
    rule.versions.update(definition={"conditions": "none"})
    page = operator.get(change_page(rule))
    assert "no version that can be read" in page.content.decode()
    assert "no version that can be read" in operator.get("/admin/weatherapp/rule/").content.decode()

    operator.post(change_page(rule), gust_form())

    assert rule.versions.latest().definition == wire.to_json(storm_gusts())


def test_versions_are_listed_with_who_wrote_them(operator):
    install_rules(now=NOON)
    rule = Rule.objects.get(key="gale")
    sent = read_form(operator.get(change_page(rule)))
    operator.post(change_page(rule), sent | {"condition-0-moderate_threshold": "18.5"})

    page = operator.get(change_page(rule))

    (newest, _says), (oldest, _before) = page.context["versions"]
    text = page.content.decode().replace(NBSP, " ")
    assert (newest.created_by.username, oldest.created_by) == ("operator", None)
    assert "18.5 m/s (Moderate)" in text
    assert "17.2 m/s (Moderate)" in text
    assert "edited here" in text
    assert "Back to the site&#x27;s own" in text or "Back to the site's own" in text


def test_every_field_has_a_label(operator):
    rule = make_rule(says=storm_gusts(basis=Basis.MEASURED))
    text = operator.get(change_page(rule)).content.decode()
    form = operator.get(change_page(rule)).context["adminform"].form

    for part in form.conditions:
        for field in part:
            if field.name != "codes":
                assert text.count(f'for="{field.id_for_label}"') == 1, field.html_name


def test_who_may_only_look_sees_the_sentence_and_no_form(operator):
    from tests.admin.acting import log_in_with

    rule = make_rule(says=storm_gusts())

    text = log_in_with("view_rule").get(change_page(rule)).content.decode().replace(NBSP, " ")

    assert "is 18.0 m/s (Moderate), 29.0 m/s (Severe) or more" in text
    assert "condition-0-" not in text
    assert "_preview" not in text


def test_a_rule_that_raised_alerts_is_not_deleted(operator):
    rule = make_rule(make_place())
    make_alert(rule)

    answer = operator.post(f"/admin/weatherapp/rule/{rule.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 403
    assert Rule.objects.exists()


def test_a_rule_of_the_site_is_not_deleted(operator):
    install_rules(now=NOON)
    rule = Rule.objects.get(key="frost")

    answer = operator.post(f"/admin/weatherapp/rule/{rule.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 403
    assert (
        "cannot be deleted: switch it off instead"
        in operator.get(change_page(rule)).content.decode()
    )
    assert Rule.objects.filter(key="frost").exists()


def test_a_rule_of_ones_own_that_never_spoke_is_deleted(operator):
    rule = make_rule(make_place())

    operator.post(f"/admin/weatherapp/rule/{rule.pk}/delete/", {"post": "yes"})

    assert not Rule.objects.exists()
    assert Place.objects.exists()
