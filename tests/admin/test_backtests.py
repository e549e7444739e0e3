"""Trying a rule on the past from its page: begun, watched, cancelled, read."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.admin.conftest import log_in
from tests.factories import NOON, make_place, make_readings, make_rule, rain_soon, storm_gusts
from weatherapp import tasks
from weatherapp.alerting import trying
from weatherapp.alerting.engine import wire
from weatherapp.domain.conditions import Basis
from weatherapp.models import Alert, Backtest, BacktestQuestion, BacktestState, Rule

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
GUSTS = storm_gusts(6, basis=Basis.MEASURED)
TRY = "/admin/weatherapp/backtest/try/"


def make_windy_place(name="Dublin", gust=20.0):
    place = make_place(name=name)
    make_readings(place, hours=48, wind_gust_ms=5.0)
    place.readings.filter(observed_at__gt=NOON - 3 * HOUR).update(wind_gust_ms=gust)
    return place


def typed(**fields):
    """What the page of a try sends."""
    definition = json.dumps(wire.to_json(GUSTS))
    return {"name": "Storm gusts", "definition": definition, "places": "Dublin"} | fields


def begin(client, **fields):
    answer = client.post(TRY, typed(**fields))
    assert answer.status_code == 302, answer.context["form"].errors
    return Backtest.objects.latest("pk")


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def done(client, **fields):
    """The page of a try that is done."""
    row = begin(client, **fields)
    tasks.run_backtest(backtest_id=row.pk)
    return client.get(row.get_absolute_url())


# --- How it begins -------------------------------------------------------------------------------


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


# --- From the form of a rule ---------------------------------------------------------------------


def rule_form(**fields):
    """A valid one."""
    levels = {
        "condition-0-quantity": "wind_gust_ms",
        "condition-0-basis": "MEASURED",
        "condition-0-hours": "6",
        "condition-0-aggregation": "MAXIMUM",
        "condition-0-comparison": "AT_LEAST",
        "condition-0-moderate_threshold": "18",
        "condition-0-moderate_recovery_threshold": "15",
    }
    knobs = {
        "pending_evaluations": "1",
        "pending_minutes": "0",
        "keep_firing_minutes": "0",
        "rearm_minutes": "0",
        "lead_from_hours": "0",
        "no_data_policy": "SAY",
    }
    row = {"name": "My gusts", "scope": "ALL", "is_active": "on", "places": ""}
    return row | knobs | levels | fields


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


# --- Who may -------------------------------------------------------------------------------------


def test_who_may_only_look_sees_results_and_cannot_begin_or_cancel(operator):
    make_windy_place()
    row = begin(operator)
    reader = log_in(username="reader", is_staff=True)
    permission = Permission.objects.get(codename="view_backtest")
    User.objects.get(username="reader").user_permissions.add(permission)

    page = reader.get(row.get_absolute_url())

    assert page.status_code == 200
    assert reverse("admin:cancel_backtest", args=[row.pk]) not in page.content.decode()
    assert reader.post(TRY, typed()).status_code == 403
    assert reader.post(reverse("admin:cancel_backtest", args=[row.pk])).status_code == 403
    row.refresh_from_db()
    assert (row.state, Backtest.objects.count()) == (BacktestState.WAITING, 1)


@pytest.mark.parametrize("who", ["guest", "stranger"])
def test_guests_and_strangers_see_and_do_nothing(operator, request, who):
    make_windy_place()
    row = begin(operator)
    client = request.getfixturevalue(who)

    answers = [
        client.get(row.get_absolute_url()),
        client.get(TRY),
        client.post(TRY, typed()),
        client.post(reverse("admin:cancel_backtest", args=[row.pk])),
    ]

    assert {answer.status_code for answer in answers} <= {302, 403}
    row.refresh_from_db()
    assert (row.state, Backtest.objects.count()) == (BacktestState.WAITING, 1)


# --- While it runs -------------------------------------------------------------------------------


def test_a_page_that_waits_asks_again_with_and_without_javascript(operator):
    make_windy_place()
    row = begin(operator)

    page = operator.get(row.get_absolute_url()).content.decode()
    part = operator.get(row.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()

    assert f'hx-get="{row.get_absolute_url()}"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert part.lstrip().startswith('<div id="live"')
    assert "<html" not in part


def test_progress_is_shown_and_cancel_is_heard(operator):
    make_windy_place()
    row = begin(operator)
    claimed = Backtest.objects.claim(row.pk, now=NOON)
    claimed.go_on(20, now=NOON)

    page = operator.get(row.get_absolute_url())
    answer = operator.post(reverse("admin:cancel_backtest", args=[row.pk]))

    assert "20 of 48 hours done" in text_of(page)
    assert answer.url == row.get_absolute_url()
    assert "Being cancelled" in text_of(operator.get(row.get_absolute_url()))
    assert claimed.go_on(40, now=NOON) is False


def test_get_cancels_nothing(operator):
    make_windy_place()
    row = begin(operator)

    assert operator.get(reverse("admin:cancel_backtest", args=[row.pk])).status_code == 405


@pytest.mark.parametrize(
    ("state", "fields", "words"),
    [
        ("CANCELLED", {}, "Cancelled."),
        ("FAILED", {"error": "UNREADABLE"}, "cannot be read"),
        ("FAILED", {"error": "KILLED"}, "killed several times"),
        ("FAILED", {"error": "BROKEN", "error_message": "Zero <b>"}, "Zero &lt;b&gt;"),
    ],
    ids=["cancelled", "unreadable", "killed", "broken"],
)
def test_every_end_is_said(operator, state, fields, words):
    make_windy_place()
    row = begin(operator)
    Backtest.objects.update(state=state, finished_at=NOON, take_up_at=None, **fields)

    page = operator.get(row.get_absolute_url())

    assert words in text_of(page)
    assert "hx-get" not in page.content.decode()


# --- What came out -------------------------------------------------------------------------------


def read_comparison(page):
    """By row, the cells of the variants."""
    table = page.content.decode().split('<table class="comparison">')[1].split("</table>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', table, flags=re.DOTALL)
    return {name: re.findall(r"<td>(.*?)</td>", cells) for name, cells in rows}


def test_the_result_stands_beside_that_of_its_neighbours(operator):
    make_windy_place(gust=19.0)

    page = done(operator)

    assert "A step easier to reach 16.0 m/s (Moderate)" in text_of(page).replace("\u00a0", " ")
    found = read_comparison(page)
    assert found["Alerts"] == ["1", "1", "0"]  # from 16, 18 and 20 m/s on
    assert found["Events"] == ["1", "1", "0"]
    assert found["Hours with an alert"][1] == "2 (4\u00a0%)"
    assert found["Median lead of hits"] == ["0 h", "0 h", "\u2013"]


def test_the_timeline_and_its_tables_tell_the_same(operator):
    make_windy_place()

    page = done(operator).content.decode()

    assert page.count('fill="url(#severity-Moderate)"><title>Moderate, 1 Jan, 10:00') == 1
    assert page.count('<rect class="event"') == 1
    assert "<td>1 Jan 2026, 10:00</td><td>not yet</td><td>Moderate</td><td>came</td>" in page
    assert "<td>was there</td><td>0 h</td>" in page


def test_each_place_has_a_page_of_its_own(operator):
    make_windy_place()
    calm = make_windy_place("Galway", gust=6.0)

    page = done(operator, places="Galway\nDublin")
    of_galway = operator.get(page.request["PATH_INFO"], {"place": calm.pk})

    # By name, whatever the order in which they were typed or stored.
    assert page.context["page"].details.place.name == "Dublin"
    assert of_galway.context["page"].details.place == calm
    assert "Alerts: 0" in text_of(of_galway)


def test_a_cancelled_try_shows_what_was_done_and_says_so(operator):
    for name in ("Dublin", "Cork"):
        make_windy_place(name)
    row = begin(operator, places="Dublin\nCork")
    tasks.run_backtest(backtest_id=row.pk)
    row.stretches.filter(place__name="Cork").update(result=None, finished_at=None)
    Backtest.objects.update(state="CANCELLED")

    page = text_of(operator.get(row.get_absolute_url()))

    assert "Cancelled after 1 of 2 places" in page
    assert "not done" in page


@pytest.mark.parametrize("address", ["0", "999999", "x"])
def test_a_place_that_is_none_shows_the_first(operator, address):
    make_windy_place()
    page = done(operator)

    other = operator.get(page.request["PATH_INFO"], {"place": address})

    assert other.context["page"].details.place.name == "Dublin"


def test_a_page_costs_the_same_for_many_places(operator):
    for number in range(12):
        make_windy_place(f"Place {number}")
    few = done(operator, places="Place 0\nPlace 1").request["PATH_INFO"]
    many = done(operator, places="\n".join(f"Place {number}" for number in range(12))).request[
        "PATH_INFO"
    ]

    assert count_queries(operator, many) == count_queries(operator, few)


def count_queries(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_the_list_opens_and_finds(operator):
    make_windy_place()
    begin(operator)
    address = reverse("admin:weatherapp_backtest_changelist")

    assert operator.get(address).context["cl"].result_count == 1
    assert operator.get(address, {"q": "Dublin"}).context["cl"].result_count == 1
    assert operator.get(address, {"q": "Atlantis"}).context["cl"].result_count == 0


def test_nothing_is_alerted(operator):
    make_windy_place()
    make_rule(says=GUSTS)

    done(operator)

    assert not Alert.objects.exists()
