"""The start page says what needs attention, and leads to exactly that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.admin.acting import log_in_with
from tests.admin.rows import fill_tables
from tests.factories import make_alert, make_place, make_rule, make_scene, make_subscription
from weatherapp.models import (
    AlertState,
    Delivery,
    DeliveryState,
    Place,
    Rule,
    RuleVersion,
    Scene,
    Suppression,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_broker_down")]

START = "/admin/"
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


def read_items(client):
    return {item.code: item for item in client.get(START).context["attention"].items}


def follow(client, item) -> int:
    """How many rows the list has that the item leads to."""
    return client.get(item.address).context["cl"].result_count


def age_rule(rule: Rule, now, *, days: int) -> None:
    RuleVersion.objects.filter(rule=rule).update(created_at=now - days * DAY)


def test_silent_process_or_queue_is_told_of(operator):
    page = operator.get(START)

    assert "Redis does not answer" in page.content.decode()
    assert not page.context["attention"].is_calm


def test_nothing_to_do_is_said(operator, monkeypatch, now):
    make_place(fetched_at=now, next_refresh_at=now)
    health = "weatherapp.operations.health.find_all"
    monkeypatch.setattr(health, lambda *_: [])

    assert "Nothing needs attention." in operator.get(START).content.decode()


def test_failing_place_is_named_with_since_when_and_what_to_do(operator, now):
    make_place(fetched_at=now)
    make_place(
        name="<Cork>",
        fetch_failures=2,
        fetched_at=now - DAY,
        fetch_failed_at=now,
        fetch_problem="RATE_LIMITED",
    )
    make_place(name="Off", fetch_failures=2, is_active=False)

    text = operator.get(START).content.decode()
    item = read_items(operator)["fetch_failing"]

    assert "failed at 1 place." in text
    assert "&lt;Cork&gt;</a>" in text
    assert "may not be asked more often" in text
    assert f"The last weather came {now - DAY:%-d %b %Y, %H:%M} UTC." in text
    assert "watch fewer places" in text
    assert follow(operator, item) == item.count == 1


def test_place_without_new_weather_is_told_of(operator, now):
    make_place(fetched_at=now - timedelta(hours=23))
    make_place(name="Cork", fetched_at=now - 2 * DAY)
    make_place(name="Never", next_refresh_at=now)
    make_place(name="Brand-new")

    item = read_items(operator)["no_weather"]

    assert follow(operator, item) == item.count == 2


def test_mails_that_were_given_up_are_told_of(operator):
    fill_tables(count=1)
    failed = Delivery.objects.filter(state=DeliveryState.FAILED).count()

    item = read_items(operator)["mails_given_up"]

    assert follow(operator, item) == item.count == failed > 0


def test_rule_without_alerts_in_a_month_is_a_note(operator, now):
    place = make_place()
    silent, young, off = (make_rule(place, name=name) for name in ("Silent", "Young", "Off"))
    spoke, long_ago = make_rule(place, name="Spoke"), make_rule(place, name="Long ago")
    Rule.objects.filter(pk=off.pk).update(is_active=False)
    for rule in (silent, off, spoke, long_ago):
        age_rule(rule, now, days=31)
    age_rule(young, now, days=29)
    make_alert(spoke, raised_at=now - 29 * DAY, ended_at=now - 28 * DAY, state=AlertState.ENDED)
    make_alert(long_ago, raised_at=now - 40 * DAY, ended_at=now - 31 * DAY, state=AlertState.ENDED)

    item = read_items(operator)["rules_never"]
    listed = operator.get(item.address).context["cl"].result_list

    assert not item.is_problem
    assert item.count == 2
    assert {rule.name for rule in listed} == {"Silent", "Long ago"}


def test_rule_that_hardly_ever_stops_is_a_problem(operator, now):
    place = make_place()
    stuck, flapping, usual = (make_rule(place, name=name) for name in ("Stuck", "Flaps", "Usual"))
    make_alert(stuck, raised_at=now - 60 * DAY)
    for age in range(0, 30, 3):
        ended_at = now - age * DAY
        raised_at = ended_at - timedelta(days=2, hours=20)
        make_alert(flapping, raised_at=raised_at, ended_at=ended_at, state=AlertState.ENDED)
    make_alert(usual, raised_at=now - 26 * DAY)

    item = read_items(operator)["rules_always"]
    listed = operator.get(item.address).context["cl"].result_list

    assert item.is_problem
    assert {rule.name for rule in listed} == {"Stuck", "Flaps"}


def test_a_replays_alert_is_judged_by_its_own_clock(operator, now):
    scene = make_scene(anchor_real_at=now)
    clock = scene.time_at(now)
    replay = make_place(name="Newark", source="replay", station="EWR")
    make_alert(make_rule(replay, name="Played"), raised_at=clock - DAY)
    make_alert(make_rule(replay, name="Stuck"), raised_at=clock - 29 * DAY)

    item = read_items(operator)["rules_always"]

    assert [rule.name for rule in operator.get(item.address).context["cl"].result_list] == ["Stuck"]


def test_people_who_did_not_confirm_or_cannot_be_reached_are_notes(operator, now):
    place = make_place()
    make_subscription(place, email="old@example.org", confirmed_at=None, created_at=now - 2 * DAY)
    make_subscription(place, email="new@example.org", confirmed_at=None, created_at=now)
    make_subscription(place, email="gone@example.org", bounced_at=now, unsubscribed_at=now)
    Suppression.objects.create(digest="a" * 64, created_at=now)

    items = read_items(operator)

    for code in ("unconfirmed", "bounced", "suppressed"):
        assert not items[code].is_problem
        assert follow(operator, items[code]) == items[code].count == 1


def test_who_may_see_places_only_is_told_of_places_only(now):
    fill_tables(count=1)

    items = read_items(log_in_with("view_place"))

    assert set(items) <= {"fetch_failing", "no_weather"}
    assert "fetch_failing" in items


def test_staff_without_permissions_gets_a_page(guest):
    fill_tables(count=1)

    assert guest.get(START).context["attention"].items == []


def test_no_more_is_asked_for_more_rows(
    operator, django_assert_max_num_queries, django_assert_num_queries
):
    fill_tables(count=1)
    operator.get(START)
    with django_assert_max_num_queries(25) as few:
        operator.get(START)
    for model in (Place, Rule, Scene):
        model.objects.all().delete()
    fill_tables(count=4)

    with django_assert_num_queries(len(few)):
        operator.get(START)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_start_page_keeps_to_the_security_policy(operator, language):
    fill_tables(count=1)

    page = operator.get(START, {"lang": language})

    assert "<script>" not in page.content.decode()
    assert ' style="' not in page.content.decode()
