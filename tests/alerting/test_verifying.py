"""Stored alerts are judged by stored readings, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import (
    NOON,
    make_alert,
    make_place,
    make_readings,
    make_rule,
    make_scene,
    rain_soon,
    storm_gusts,
)
from tests.together import do_at_once
from weatherapp.alerting.rule_skill import forget_old_rule_skill, read_rule_sums
from weatherapp.alerting.rulebook import save_version
from weatherapp.alerting.verifying import verify_alerts
from weatherapp.domain.conditions import Basis
from weatherapp.models import AlertState, Reading, RuleSkill, ScoringProgress

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def at(hours):
    return NOON + hours * HOUR


def watch(place, *, wet=(), hours=120):
    """It was watched from noon on; dry but for the wet hours."""
    make_readings(place, until=at(hours), hours=hours + 48)
    Reading.objects.filter(place=place, observed_at__in=[at(hour) for hour in wet]).update(
        precipitation_mm=2.0
    )
    ScoringProgress.objects.update_or_create(
        place=place, defaults={"verified_until_at": NOON + 26 * HOUR}
    )


def make_past_alert(rule, place, first, last):
    return make_alert(
        rule,
        place,
        raised_at=at(first),
        state=AlertState.ENDED,
        ended_at=at(last),
        ends_at=at(last),
        confirmed_until_at=at(last),
    )


def sums_of(place, rule):
    row = RuleSkill.objects.get(place=place, version=rule.versions.latest())
    return read_rule_sums(row)


def test_hits_false_alarms_and_misses_are_counted_for_the_place_and_for_all():
    place = make_place()
    rule = make_rule(place)
    watch(place, wet=(40, 41, 90))
    make_past_alert(rule, place, 36, 43)
    make_past_alert(rule, place, 60, 66)

    verify_alerts([place.pk])

    sums = sums_of(place, rule)
    assert (sums.hits, sums.false_alarms, sums.unknown) == (1, 1, 0)
    assert (sums.events, sums.caught, sums.misses) == (2, 1, 1)
    assert sums.median_lead_hours == 3.0
    assert sums_of(None, rule) == sums


def test_what_is_judged_once_is_not_judged_again():
    place = make_place()
    rule = make_rule(place)
    watch(place, wet=(40,))
    make_past_alert(rule, place, 36, 43)

    assert verify_alerts([place.pk]) == 2
    before = list(RuleSkill.objects.values())
    assert verify_alerts([place.pk]) == 0
    assert list(RuleSkill.objects.values()) == before


def test_alerts_are_judged_as_their_readings_come():
    place = make_place()
    rule = make_rule(place)
    watch(place, wet=(40,), hours=42)
    make_past_alert(rule, place, 36, 43)

    assert verify_alerts([place.pk]) == 0
    make_readings(place, until=at(80), hours=38)
    assert verify_alerts([place.pk]) == 2


def test_an_alert_is_judged_by_the_furthest_that_it_ever_spoke_of():
    place = make_place()
    rule = make_rule(place)
    watch(place, wet=(45,))
    alert = make_past_alert(rule, place, 36, 40)
    alert.changes.update(ends_at=at(46))

    verify_alerts([place.pk])

    assert sums_of(place, rule).hits == 1


def test_an_open_alert_is_not_judged_but_nothing_was_missed():
    place = make_place()
    rule = make_rule(place)
    watch(place, wet=(40,))
    make_alert(rule, place, raised_at=at(36))

    verify_alerts([place.pk])

    sums = sums_of(place, rule)
    assert (sums.alerts, sums.events, sums.caught) == (0, 1, 1)


def test_what_came_before_anybody_watched_was_not_missed():
    place = make_place()
    rule = make_rule(place)
    make_readings(place, until=at(48), hours=48, precipitation_mm=3.0)

    verify_alerts([place.pk])
    make_readings(place, until=at(120), hours=72)

    assert verify_alerts([place.pk]) == 0
    assert not RuleSkill.objects.filter(version__rule=rule).exists()


def test_an_edited_rule_is_judged_from_then_on_as_it_says_now():
    place = make_place()
    rule = make_rule(place)
    watch(place, wet=(40, 80))
    make_past_alert(rule, place, 36, 43)
    save_version(rule, rain_soon(3), now=at(60))

    verify_alerts([place.pk])

    row = RuleSkill.objects.get(place=place)
    assert row.version == rule.versions.latest()
    assert (row.hits, row.events, row.caught) == (0, 1, 0)


def test_places_that_a_rule_does_not_look_at_are_not_judged_by_it():
    place, other = make_place(), make_place(name="Cork")
    make_rule(place)
    watch(other, wet=(40,))

    assert verify_alerts([other.pk]) == 0


def test_a_rule_of_what_was_measured_is_right_by_itself():
    place = make_place()
    rule = make_rule(place, says=storm_gusts(basis=Basis.MEASURED))
    watch(place)
    make_past_alert(rule, place, 36, 43)

    assert verify_alerts([place.pk]) == 0


def test_where_nothing_was_measured_an_alert_is_unknown():
    place = make_place()
    rule = make_rule(place, says=storm_gusts())
    watch(place)  # calm days without a gust meter
    make_past_alert(rule, place, 36, 43)

    verify_alerts([place.pk])

    sums = sums_of(place, rule)
    assert (sums.alerts, sums.unknown, sums.events) == (0, 1, 0)


def test_replays_are_not_judged():
    make_scene()
    place = make_place(source="replay", station="JFK")
    make_rule(place)
    watch(place, wet=(40,))

    assert verify_alerts([place.pk]) == 0


def test_questions_do_not_grow_with_the_places(django_assert_max_num_queries):
    rule = make_rule()
    places = [make_place(name=f"Place {number}") for number in range(20)]
    for place in places:
        watch(place, wet=(40,))
        make_past_alert(rule, place, 36, 43)

    with django_assert_max_num_queries(20):
        assert verify_alerts([place.pk for place in places]) == 40


def test_of_many_years_the_newest_two_are_kept():
    version = make_rule().versions.get()
    for year in (2023, 2024, 2025):
        RuleSkill.objects.create(version=version, year=year)

    forget_old_rule_skill()

    assert sorted(RuleSkill.objects.values_list("year", flat=True)) == [2024, 2025]


@pytest.mark.parametrize("leads", [None, [], {"x": 1}, {"3": "many"}, {"3": -1}])
def test_leads_that_another_release_wrote_count_nothing(leads):
    row = RuleSkill(version=make_rule().versions.get(), year=2026, leads=leads)

    assert read_rule_sums(row).median_lead_hours is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_judge_each_alert_once():
    rule = make_rule()
    places = [make_place(name=name) for name in ("Dublin", "Cork")]
    for place in places:
        watch(place, wet=(40,))
        make_past_alert(rule, place, 36, 43)

    counts = do_at_once(*[lambda: verify_alerts([place.pk for place in places])] * 3)

    assert sum(counts) == 4
    assert sums_of(None, rule).hits == 2
