"""What a change of rules sets going: the places concerned, in batches, those with alerts first."""

from __future__ import annotations

from itertools import chain

import pytest

from tests.admin.acting import act, choose, log_in_with
from tests.admin.rule_forms import change_page, gust_form, read_form
from tests.factories import NOON, make_alert, make_place, make_rule, rain_soon, storm_gusts
from weatherapp import tasks
from weatherapp.alerting.catalogue import BY_KEY
from weatherapp.alerting.engine import wire
from weatherapp.alerting.installing import install_rules
from weatherapp.models import Alert, AlertState, Place, Rule, RuleState, Tag

# Committed for real: what is queued only after the commit would otherwise never be queued.
pytestmark = pytest.mark.django_db(transaction=True)

RULES = "/admin/weatherapp/rule/"
ADD = f"{RULES}add/"
TAGS = "/admin/weatherapp/tag/"


def make_places(count: int) -> list[Place]:
    return Place.objects.bulk_create(
        Place(name=f"Place {number:03}", latitude=1, longitude=1) for number in range(count)
    )


def hold_back(rule: Rule, place: Place) -> None:
    RuleState.objects.create(rule=rule, place=place, state="PENDING", since_at=NOON, check_at=NOON)


def read_batches(broker) -> list[list[int]]:
    queued = broker.read_queue()
    assert {task for task, _arguments in queued} <= {"evaluate_places"}
    return [arguments["place_ids"] for _task, arguments in queued]


def test_a_new_rule_is_applied_to_all_places_a_hundred_at_a_time(operator, broker):
    places = make_places(250)
    make_place(name="Off", is_active=False)

    answer = operator.post(ADD, gust_form(), follow=True)

    batches = read_batches(broker)
    assert [len(batch) for batch in batches] == [100, 100, 50]
    assert sorted(chain.from_iterable(batches)) == [place.pk for place in places]
    assert "Being applied. Places: 250." in [str(one) for one in answer.context["messages"]]


def test_places_with_open_alerts_come_first_then_those_held_back(operator, broker):
    places = make_places(150)
    rule = make_rule(says=storm_gusts())
    make_alert(rule, places[149])
    hold_back(rule, places[140])
    make_alert(make_rule(name="Another"), places[130])

    operator.post(change_page(rule), gust_form(**{"condition-0-severe_threshold": "30"}))

    first, second = read_batches(broker)
    assert first[:3] == [places[149].pk, places[140].pk, places[0].pk]
    assert len(first) == 100
    assert not set(first) & set(second)
    assert len(second) == 50


@pytest.mark.parametrize("scope", ["TAGS", "PLACES"])
def test_only_places_that_the_rule_looks_at_are_evaluated(operator, broker, scope):
    dublin, cork = make_place(), make_place(name="Cork")
    coast = Tag.objects.create(name="coast")
    cork.tags.add(coast)

    operator.post(ADD, gust_form(scope=scope, tags=[coast.pk], places="Cork"))

    assert read_batches(broker) == [[cork.pk]]
    assert dublin.pk != cork.pk


def test_a_narrower_scope_looks_again_where_alerts_are_open(operator, broker):
    dublin, cork = make_place(), make_place(name="Cork")
    rule = make_rule(says=storm_gusts())
    make_alert(rule, dublin)

    operator.post(change_page(rule), gust_form(scope="PLACES", places="Cork"))

    assert read_batches(broker) == [[dublin.pk, cork.pk]]


def test_a_new_name_is_stored_and_nothing_is_evaluated(operator, broker):
    make_place()
    rule = make_rule(says=storm_gusts())

    operator.post(change_page(rule), gust_form(name="Renamed"))

    assert Rule.objects.get().name == "Renamed"
    assert rule.versions.count() == 1
    assert read_batches(broker) == []


@pytest.mark.usefixtures("_broker_down")
def test_a_rule_is_stored_even_when_the_broker_is_down(operator):
    make_place()

    answer = operator.post(ADD, gust_form(), follow=True)

    assert "only applied at each place with its next weather" in " ".join(
        str(message) for message in answer.context["messages"]
    )
    assert Rule.objects.get().versions.count() == 1


# Switching


def test_before_a_rule_is_switched_off_its_open_alerts_are_counted(operator, broker):
    place = make_place()
    rule = make_rule(place)
    make_alert(rule)

    page = choose(operator, RULES, "switch_off", rule)

    assert "1 alert of what you chose is open now" in page.content.decode()
    assert Rule.objects.get().is_active
    assert read_batches(broker) == []
    assert "Switching the rule off ends them" in operator.get(change_page(rule)).content.decode()


def test_switching_off_ends_the_alerts_with_that_reason_and_on_again_tells_nothing(
    operator, broker
):
    place = make_place()
    make_place(name="Cork")
    rule = make_rule(says=rain_soon())
    alert = make_alert(rule, place)

    messages = act(operator, RULES, "switch_off", rule, confirmed="yes")
    (batch,) = read_batches(broker)
    tasks.evaluate_places(place_ids=batch)

    assert messages == ["Switched off: 1.", "Being applied. Places: 1."]
    assert batch == [place.pk]
    alert.refresh_from_db()
    assert alert.state == AlertState.ENDED
    assert [change.reason for change in alert.changes.all()] == ["RAISED", "RULE_OFF"]

    act(operator, RULES, "switch_on", rule)
    tasks.evaluate_places(place_ids=[place.pk])

    assert Rule.objects.get().is_active
    assert Alert.objects.count() == 1
    assert alert.changes.count() == 2


def test_a_rule_that_is_off_already_is_not_switched_again(operator, broker):
    make_place()
    rule = make_rule(is_active=False)

    assert act(operator, RULES, "switch_off", rule, confirmed="yes") == ["Switched off: 0."]
    assert read_batches(broker) == []


@pytest.mark.usefixtures("_broker_down")
def test_a_rule_is_switched_off_even_when_the_broker_is_down(operator):
    rule = make_rule(make_place())
    make_alert(rule)

    messages = act(operator, RULES, "switch_off", rule, confirmed="yes")

    assert "The queue (Redis) cannot be reached." in messages[-1]
    assert not Rule.objects.get().is_active


# The site's own


def test_an_edited_rule_of_the_site_goes_back_to_what_the_site_says(operator, broker):
    install_rules(now=NOON)
    rule = Rule.objects.get(key="gale")
    make_place()
    sent = read_form(operator.get(change_page(rule)))
    operator.post(change_page(rule), sent | {"condition-0-hours": "12"})
    edited = operator.get(RULES, {"origin": "edited"}).context["cl"].result_list

    messages = act(operator, RULES, "restore", rule)

    assert list(edited) == [rule]
    assert messages[0] == "Back to the site's own: 1."
    newest = rule.versions.latest()
    assert (newest.number, newest.is_from_catalogue) == (3, True)
    assert newest.definition == wire.to_json(BY_KEY["gale"].says)
    assert len(read_batches(broker)) == 2


def test_what_was_edited_back_by_hand_can_be_the_sites_own_again(operator, broker):
    install_rules(now=NOON)
    rule = Rule.objects.get(key="gale")
    sent = read_form(operator.get(change_page(rule)))
    operator.post(change_page(rule), sent | {"condition-0-hours": "12"})
    operator.post(change_page(rule), sent)

    act(operator, RULES, "restore", rule)

    assert rule.versions.latest().is_from_catalogue
    assert list(operator.get(RULES, {"origin": "edited"}).context["cl"].result_list) == []


def test_only_edited_rules_of_the_site_go_back(operator, broker):
    install_rules(now=NOON)
    own = make_rule(make_place())

    messages = act(operator, RULES, "restore", own, Rule.objects.get(key="frost"))

    assert messages == ["None of these is a rule of the site that was edited here."]
    assert own.versions.count() == 1
    assert read_batches(broker) == []


# Tags


def test_a_tag_that_is_gone_ends_what_rules_say_because_of_it(operator, broker):
    coast = Tag.objects.create(name="coast")
    cork = make_place(name="Cork")
    cork.tags.add(coast)
    alert = make_alert(make_rule(says=storm_gusts(), tags=(coast,)), cork)

    operator.post(f"{TAGS}{coast.pk}/delete/", {"post": "yes"})
    (batch,) = read_batches(broker)
    tasks.evaluate_places(place_ids=batch)

    assert not Tag.objects.exists()
    assert batch == [cork.pk]
    assert alert.changes.last().reason == "PLACE_OFF"


def test_tags_are_counted_on_their_list(operator):
    coast = Tag.objects.create(name="coast")
    for name in ("Cork", "Galway"):
        make_place(name=name).tags.add(coast)
    make_rule(tags=(coast,))

    (row,) = operator.get(TAGS).context["cl"].result_list

    assert (row.place_count, row.rule_count) == (2, 1)


# Who may


@pytest.mark.parametrize("action", ["switch_on", "switch_off", "restore"])
def test_who_may_only_look_cannot_switch_rules(broker, action):
    rule = make_rule(make_place(), is_active=action != "switch_on")

    act(log_in_with("view_rule"), RULES, action, rule, confirmed="yes")

    assert Rule.objects.get().is_active is (action != "switch_on")
    assert read_batches(broker) == []


def test_rules_are_not_deleted_many_at_once(operator, broker):
    rule = make_rule(make_place())

    act(operator, RULES, "delete_selected", rule, post="yes")

    assert Rule.objects.exists()
