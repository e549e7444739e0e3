"""Facts in the tables -> alerts and their changes in the tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    make_forecast,
    make_place,
    make_prediction,
    make_readings,
    make_rule,
    rain_soon,
    storm_gusts,
)
from tests.together import do_at_once
from weatherapp.alerting.cancelling import cancel_alert
from weatherapp.alerting.evaluation import evaluate_places, find_due_places
from weatherapp.alerting.rulebook import save_version
from weatherapp.domain.conditions import Basis
from weatherapp.models import Alert, AlertChange, RuleState, Tag

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def make_gale(place, gust=20.0, *, hour_at=NOON, in_hours=4):
    column = [gust if lead == in_hours else 3.0 for lead in range(1, 49)]
    return make_forecast(place, hour_at=hour_at, wind_gust_ms=column)


def evaluate(*places, now=NOON):
    """The reasons of the changes that were made."""
    ids = evaluate_places([place.pk for place in places], now=now)
    return [AlertChange.objects.get(pk=change_id).reason for change_id in ids]


def test_an_alert_is_raised_with_its_times_severity_and_evidence():
    place = make_place()
    rule = make_rule(says=storm_gusts())
    make_gale(place, 30.0)

    assert evaluate(place) == ["RAISED"]

    alert = Alert.objects.get()
    assert (alert.place, alert.rule, alert.state) == (place, rule, "FIRING")
    assert (alert.severity, alert.peak_severity, alert.certainty) == ("Severe", "Severe", "Likely")
    assert (alert.onset_at, alert.ends_at) == (NOON + 3 * HOUR, NOON + 4 * HOUR)
    change = alert.changes.get()
    assert (change.old_state, change.new_state, change.severity) == ("", "FIRING", "Severe")
    evidence = change.read_evidence()
    assert evidence.rule_version == 1
    assert (evidence.leading.value, evidence.leading.threshold) == (30.0, 29.0)
    assert evidence.leading.made_at == NOON
    assert len(evidence.leading.hours) == 12


def test_what_is_normal_leaves_no_row_behind():
    place = make_place()
    make_rule(says=storm_gusts())
    make_rule(says=rain_soon())
    make_gale(place, 5.0)
    make_prediction(place)

    assert evaluate(place) == []
    assert not Alert.objects.exists()
    assert not RuleState.objects.exists()


def test_twice_the_same_facts_make_one_change():
    place = make_place()
    make_rule(says=storm_gusts())
    make_gale(place)

    assert (evaluate(place), evaluate(place)) == (["RAISED"], [])


def test_a_whole_life():
    place = make_place()
    make_rule(says=storm_gusts())
    told = []
    for hour, gust in enumerate([20.0, 30.0, 27.0, 20.0, 10.0]):
        make_gale(place, gust, hour_at=NOON + hour * HOUR)
        told += evaluate(place, now=NOON + hour * HOUR)

    assert told == ["RAISED", "ESCALATED", "REDUCED", "CLEARED"]
    alert = Alert.objects.get()
    assert (alert.state, alert.ended_at) == ("ENDED", NOON + 4 * HOUR)
    assert (alert.severity, alert.peak_severity) == ("Moderate", "Severe")


@pytest.mark.parametrize("basis", [Basis.MEASURED, Basis.FORECAST])
def test_readings_and_forecasts_decide_without_a_prediction(basis):
    place = make_place()
    make_rule(says=storm_gusts(basis=basis), name="Storm gusts")
    make_rule(says=rain_soon())
    make_readings(place, wind_gust_ms=20.0)
    make_gale(place)

    assert evaluate(place) == ["RAISED"]
    assert Alert.objects.get().rule.name == "Storm gusts"


def test_scopes_choose_the_places():
    coast = Tag.objects.create(name="coast")
    here, there, inland = (make_place(name=name) for name in ("Howth", "Galway", "Athlone"))
    there.tags.add(coast)
    make_rule(here, says=storm_gusts(), name="Chosen")
    make_rule(says=storm_gusts(), tags=(coast,), name="Coast")
    for place in (here, there, inland):
        make_gale(place)

    evaluate(here, there, inland)

    found = {(alert.rule.name, alert.place.name) for alert in Alert.objects.all()}
    assert found == {("Chosen", "Howth"), ("Coast", "Galway")}


def test_an_edit_makes_a_new_version_and_history_keeps_the_old_one():
    place = make_place()
    rule = make_rule(says=storm_gusts())
    make_gale(place, 30.0)
    evaluate(place)
    save_version(rule, storm_gusts(), now=NOON)
    assert rule.versions.count() == 1

    save_version(rule, storm_gusts(hours=2), now=NOON)
    evaluate(place, now=NOON + MINUTE)

    raised, ended = AlertChange.objects.all()
    assert (raised.rule_version.number, ended.rule_version.number) == (1, 2)
    assert ended.reason == "CLEARED"


def test_a_rule_that_is_switched_off_ends_its_alerts_with_that_reason():
    place = make_place()
    rule = make_rule(says=storm_gusts())
    make_gale(place)
    evaluate(place)
    rule.is_active = False
    rule.save()

    assert (evaluate(place), evaluate(place)) == (["RULE_OFF"], [])
    assert Alert.objects.get().state == "ENDED"


def test_a_place_that_is_switched_off_or_left_out_ends_its_alerts():
    place, other = make_place(), make_place(name="Galway")
    rule = make_rule(place, other, says=storm_gusts())
    for one in (place, other):
        make_gale(one)
    evaluate(place, other)
    place.is_active = False
    place.save()
    rule.places.remove(other)

    assert evaluate(place, other) == ["PLACE_OFF", "PLACE_OFF"]


def test_an_operator_cancels_once_and_the_note_is_kept():
    place = make_place()
    make_rule(says=storm_gusts())
    make_gale(place)
    evaluate(place)
    alert = Alert.objects.get()

    first = cancel_alert(alert.pk, note="Wrong station", now=NOON + MINUTE)
    again = cancel_alert(alert.pk, note="Again", now=NOON + 2 * MINUTE)

    assert (len(first), again) == (1, [])
    change = AlertChange.objects.get(pk=first[0])
    assert (change.new_state, change.reason, change.note) == (
        "CANCELLED",
        "CANCELLED",
        "Wrong station",
    )


# --- Time alone ----------------------------------------------------------------------------------


def test_nothing_is_due_while_facts_are_fresh_and_missing_facts_are():
    place = make_place()
    make_rule(says=storm_gusts())
    make_gale(place, in_hours=12)
    evaluate(place)

    assert find_due_places(now=NOON + 5 * HOUR, limit=10) == []
    lost_at = NOON + 6 * HOUR + MINUTE
    assert find_due_places(now=lost_at, limit=10) == [place.pk]
    assert evaluate(place, now=lost_at) == ["NOT_CONFIRMED"]
    assert find_due_places(now=lost_at, limit=10) == []


def test_what_it_spoke_of_ends_it_when_nothing_confirms_it():
    place = make_place()
    make_rule(says=storm_gusts())
    make_gale(place, in_hours=2)
    evaluate(place)

    assert find_due_places(now=NOON + 2 * HOUR, limit=10) == [place.pk]
    assert evaluate(place, now=NOON + 2 * HOUR) == ["CLEARED"]  # the run has later hours, and calm


def test_a_pending_rule_waits_in_a_row_and_is_looked_at_in_time():
    place = make_place()
    says = storm_gusts()
    make_rule(says=type(says)(says.conditions, pending_minutes=30))
    make_gale(place)

    assert evaluate(place) == []
    rule_state = RuleState.objects.get()
    assert (rule_state.state, rule_state.gates) == ("PENDING", ["PENDING"])
    assert find_due_places(now=NOON + 29 * MINUTE, limit=10) == []
    assert find_due_places(now=NOON + 30 * MINUTE, limit=10) == [place.pk]
    assert evaluate(place, now=NOON + 30 * MINUTE) == ["RAISED"]
    assert not RuleState.objects.exists()
    evidence = AlertChange.objects.get().read_evidence()
    assert (evidence.held_back_since_at, evidence.gates) == (NOON, ("PENDING",))


# --- Many at once --------------------------------------------------------------------------------


def count_reads(places, now):
    """Writes are counted apart: SQLite takes only so many values in one."""
    with CaptureQueriesContext(connection) as queries:
        evaluate_places([place.pk for place in places], now=now)
    return sum(query["sql"].startswith("SELECT") for query in queries)


def test_reads_do_not_grow_with_places_rules_or_alerts():
    few = [make_place(name=f"Few {number}") for number in range(2)]
    many = [make_place(name=f"Many {number}") for number in range(40)]
    make_rule(says=storm_gusts(), name="One")
    for place in few + many:
        make_gale(place)
        make_readings(place, hours=3)
        make_prediction(place)
    first = count_reads(few, NOON)
    for number in range(9):
        make_rule(says=storm_gusts(hours=6 + number), name=f"Rule {number}")

    assert count_reads(many, NOON) == first
    assert Alert.objects.count() == 2 + 40 * 10
    for place in few + many:
        make_gale(place, 30.0, hour_at=NOON + HOUR)
    assert count_reads(few, NOON + HOUR) == count_reads(many, NOON + HOUR)
    assert Alert.objects.filter(severity="Severe").count() == 42 * 10


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_change():
    place = make_place()
    make_rule(says=storm_gusts())
    make_gale(place)

    results = do_at_once(*[lambda: evaluate_places([place.pk], now=NOON)] * 2)

    assert sorted(len(made) for made in results) == [0, 1]
    assert Alert.objects.count() == AlertChange.objects.count() == 1


def test_an_unreadable_version_is_named_and_the_others_go_on(caplog):
    place = make_place()
    broken = make_rule(says=storm_gusts(), name="Broken")
    broken.versions.update(definition={"conditions": [{"quantity": "hail"}]})
    make_rule(says=storm_gusts(), name="Good")
    make_gale(place)

    assert evaluate(place) == ["RAISED"]
    assert f"Rule version {broken.versions.get().pk} cannot be read" in caplog.text
