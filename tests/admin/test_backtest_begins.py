"""A try on the past is asked for, from a stored rule or from the form of one, or refused."""

from __future__ import annotations

import json

import pytest

from tests.admin.tries import (
    GUSTS,
    TRY,
    begin,
    make_windy_place,
    rule_form,
    text_of,
    typed,
)
from tests.factories import make_rule, rain_soon
from weatherapp.alerting import trying
from weatherapp.alerting.engine import wire
from weatherapp.models import Backtest, BacktestQuestion, BacktestState, Rule

pytestmark = pytest.mark.django_db


def test_a_stored_rule_is_tried_at_places_that_it_looks_at(operator):
    place = make_windy_place()
    make_windy_place("Elsewhere")
    rule = make_rule(place, says=GUSTS)

    page = operator.get(TRY, {"rule": rule.pk})

    form = page.context["form"]
    assert (form["places"].value(), form.says) == ("Dublin", GUSTS)
    assert "the highest wind gust measured in the last 6 hours" in text_of(page)


def test_one_task_is_queued_once_the_row_is_there(
    operator, broker, django_capture_on_commit_callbacks
):
    make_windy_place()
    rule = make_rule(says=GUSTS)

    with django_capture_on_commit_callbacks(execute=True):
        row = begin(operator, rule=rule.pk)

    assert broker.read_queue() == [("run_backtest", {"backtest_id": row.pk})]
    assert (row.rule, row.hours_total, row.asked_by.username) == (rule, 48, "operator")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_broker_down")
def test_a_broker_that_is_down_is_said_and_the_try_waits(operator):
    make_windy_place()

    row = begin(operator)

    assert "begins when the queue is back" in text_of(operator.get(row.get_absolute_url()))
    assert row.state == BacktestState.WAITING


def test_days_are_whole_days(operator):
    make_windy_place()

    row = begin(operator, first_date="2025-12-31", last_date="2025-12-31")

    stretch = row.stretches.get()
    assert stretch.after_at.isoformat() == "2025-12-31T00:00:00+00:00"
    assert stretch.until_at.isoformat() == "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"places": ""}, "This field is required", id="no place"),
        pytest.param({"places": "Atlantis"}, "no place with this name: Atlantis", id="unknown"),
        pytest.param(
            {"first_date": "2026-01-02", "last_date": "2026-01-01"}, "before the first", id="days"
        ),
        pytest.param({"first_date": "tomorrow"}, "Enter a valid date", id="no day"),
        pytest.param({"last_date": "2020-01-01"}, "Nothing is stored", id="nothing stored"),
        pytest.param({"definition": ""}, "This field is required", id="no rule"),
        pytest.param({"definition": "{"}, "no rule that can be read", id="no JSON"),
        pytest.param({"definition": "[]"}, "no rule that can be read", id="no object"),
        pytest.param({"definition": '{"conditions": []}'}, "NO_CONDITION", id="impossible"),
        pytest.param({"rule": "999"}, "not one of the available choices", id="no such rule"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(operator, fields, words):
    make_windy_place()

    answer = operator.post(TRY, typed(**fields))

    assert answer.status_code == 200
    assert words in text_of(answer)
    assert not Backtest.objects.exists()


@pytest.mark.parametrize(
    ("code", "limit", "words"),
    [
        ("MOST_PLACES", 0, "at most 0 places"),
        ("MOST_HOURS", 47, "at most 47 hours"),
        ("MOST_UNFINISHED", 0, "0 tries are not finished yet"),
    ],
)
def test_what_is_too_much_is_refused_with_the_limit(operator, monkeypatch, code, limit, words):
    make_windy_place()
    monkeypatch.setattr(trying, code, limit)

    assert words in text_of(operator.post(TRY, typed()))
    assert not Backtest.objects.exists()


@pytest.mark.parametrize("number", ["", "999", "one"])
def test_without_a_rule_there_is_nothing_to_try(operator, number):
    assert operator.get(TRY, {"rule": number}).status_code in (302, 404)


def test_an_unreadable_rule_is_not_offered(operator):
    rule = make_rule(says=GUSTS)
    rule.versions.update(definition={})

    assert operator.get(TRY, {"rule": rule.pk}).status_code == 302


def test_how_often_the_model_would_be_asked_is_said_before_it_is(operator):
    make_windy_place()
    rain = json.dumps(wire.to_json(rain_soon()))
    fields = {"definition": rain, "ask_model": "on", "first_date": "2026-01-01"}

    page = operator.post(TRY, typed(**fields))

    assert "would be asked 12 times" in text_of(page)
    assert not Backtest.objects.exists()
    row = begin(operator, **fields, agreed="12")
    assert BacktestQuestion.objects.of(row.pk).count() == 12
    assert "The model answers: 0 of 12 hours." in text_of(operator.get(row.get_absolute_url()))


@pytest.mark.parametrize(("says", "is_offered"), [(GUSTS, False), (rain_soon(), True)])
def test_the_model_is_offered_where_a_rule_looks_at_it(operator, says, is_offered):
    page = operator.get(TRY, {"rule": make_rule(says=says).pk})

    assert ('name="ask_model"' in page.content.decode()) is is_offered


def test_a_rule_is_tried_as_it_is_typed_before_it_is_stored(operator):
    make_windy_place()

    page = operator.post(TRY, rule_form())

    form = page.context["form"]
    assert (form["name"].value(), form["places"].value()) == ("My gusts", "Dublin")
    assert form.says.conditions[0].levels[0].threshold == 18.0
    assert not Rule.objects.exists()
    hidden = {name: form[name].value() or "" for name in ("name", "definition", "rule")}
    row = begin(operator, **hidden)
    assert (row.name, row.rule) == ("My gusts", None)
    assert row.variants["0"]["conditions"][0]["levels"][0]["threshold"] == 18.0


def test_an_edited_rule_is_tried_and_stays_as_it_was(operator):
    make_windy_place()
    rule = make_rule(says=GUSTS, name="Gusts")

    page = operator.post(f"{TRY}?rule={rule.pk}", rule_form(name="Edited"))

    assert (page.context["form"]["name"].value(), page.context["form"]["rule"].value()) == (
        "Edited",
        rule.pk,
    )
    rule.refresh_from_db()
    assert (rule.name, rule.versions.count()) == ("Gusts", 1)


def test_what_is_wrong_with_the_rule_is_said_on_its_own_form(operator):
    rule = make_rule(says=GUSTS)
    wrong = rule_form(**{"condition-0-moderate_recovery_threshold": "25"})

    added = operator.post(TRY, wrong).content.decode()
    edited = operator.post(f"{TRY}?rule={rule.pk}", wrong).content.decode()

    assert 'action="/admin/weatherapp/rule/add/"' in added
    assert f'action="/admin/weatherapp/rule/{rule.pk}/change/"' in edited
    assert added.count('class="errorlist') == edited.count('class="errorlist') > 0
    assert (Rule.objects.count(), rule.versions.count()) == (1, 1)
    assert not Backtest.objects.exists()


def test_the_rules_form_has_the_button(operator):
    rule = make_rule(says=GUSTS)

    page = operator.get(f"/admin/weatherapp/rule/{rule.pk}/change/").content.decode()

    assert f'formaction="{TRY}?rule={rule.pk}"' in page
