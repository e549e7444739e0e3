"""Which places a change of rules concerns, in which order, with how many queries."""

from __future__ import annotations

import pytest

from tests.factories import NOON, make_alert, make_place, make_rule, storm_gusts
from weatherapp.alerting.concerned import list_concerned_places
from weatherapp.models import AlertState, Place, RuleState, Tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> list[Place]:
    return [make_place(name=f"Place {number}") for number in range(5)]


def test_open_alerts_come_first_then_rule_states_then_the_scope(places):
    rule = make_rule(says=storm_gusts())
    make_alert(rule, places[4])
    make_alert(rule, places[2], state=AlertState.ENDED, ended_at=NOON)
    RuleState.objects.create(
        rule=rule, place=places[3], state="PENDING", since_at=NOON, check_at=NOON
    )

    found = list_concerned_places([rule.pk])

    assert found == [places[at].pk for at in (4, 3, 0, 1, 2)]


def test_a_rule_that_is_off_concerns_only_what_it_left_behind(places):
    rule = make_rule(is_active=False)
    make_alert(rule, places[1])

    assert list_concerned_places([rule.pk]) == [places[1].pk]


def test_scopes_of_several_rules_add_up_and_nothing_comes_twice(places):
    coast, harbour = Tag.objects.create(name="coast"), Tag.objects.create(name="harbour")
    places[1].tags.add(coast, harbour)
    places[2].tags.add(coast)
    rules = [make_rule(tags=(coast, harbour)), make_rule(places[4], places[1])]

    found = list_concerned_places([rule.pk for rule in rules])

    assert found == [places[at].pk for at in (1, 2, 4)]


def test_places_that_are_off_are_left_out_unless_an_alert_is_open(places):
    Place.objects.filter(pk__in=[places[0].pk, places[3].pk]).update(is_active=False)
    rule = make_rule(says=storm_gusts())
    make_alert(rule, places[3])

    found = list_concerned_places([rule.pk])

    assert found == [places[at].pk for at in (3, 1, 2, 4)]


def test_nothing_is_concerned_by_no_rule(places):
    assert list_concerned_places([]) == []


def test_queries_do_not_grow_with_rules(places, django_assert_max_num_queries):
    coast = Tag.objects.create(name="coast")
    places[0].tags.add(coast)
    rules = [make_rule(), *(make_rule(tags=(coast,)) for _ in range(3)), make_rule(places[1])]
    for rule in rules:
        make_alert(rule, places[2])

    with django_assert_max_num_queries(4):
        assert len(list_concerned_places([rule.pk for rule in rules])) == 5
