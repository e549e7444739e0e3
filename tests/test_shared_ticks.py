"""What is heavy is shared: a tick does a part of it, and whoever is free the others."""

import json
from base64 import b64decode

import pytest
from django.utils import timezone

from tests.broker import broker, redis_is_down, redis_server
from tests.factories import NOON, make_forecast, make_place, make_readings, make_rule, storm_gusts
from tests.forecasting.windows import build_window
from weatherapp import passes, tasks
from weatherapp.alerting import evaluation
from weatherapp.domain.spans import HOUR
from weatherapp.forecasting.asking import place_climate
from weatherapp.models import AlertChange, PlaceClimate, TickRun

__all__ = ["broker", "redis_is_down", "redis_server"]

pytestmark = pytest.mark.django_db
LATER = NOON + 30 * HOUR


@pytest.fixture
def clock(monkeypatch):
    def show(at):
        monkeypatch.setattr(timezone, "now", lambda: at)

    show(NOON)
    return show


def list_messages(broker):
    """Task and arguments of what waits for a worker, the next first."""
    found = [json.loads(raw) for raw in reversed(broker.lrange("default", 0, -1))]
    names = [message["headers"]["task"].rpartition(".")[2] for message in found]
    return [
        (name, json.loads(b64decode(message["body"]))[1])
        for name, message in zip(names, found, strict=True)
    ]


def count_ended():
    return AlertChange.objects.filter(reason="NOT_CONFIRMED").count()


def make_alerts(count):
    """At places of their own; nothing confirms them LATER."""
    make_rule(says=storm_gusts())
    ids = []
    for number in range(count):
        place = make_place(name=f"Place {number}")
        make_forecast(place, wind_gust_ms=[20.0 if lead == 12 else 3.0 for lead in range(1, 13)])
        ids.append(place.pk)
    tasks.evaluate_places(place_ids=ids)
    return ids


def test_what_is_due_is_a_task_a_batch_and_the_first_is_done_at_once(broker, clock, monkeypatch):
    monkeypatch.setattr(evaluation, "BATCH", 2)
    ids = make_alerts(5)
    clock(LATER)

    tasks.evaluate_due_places()

    assert count_ended() == 2
    assert list_messages(broker) == [
        ("evaluate_if_due", {"place_ids": ids[2:4]}),
        ("evaluate_if_due", {"place_ids": ids[4:]}),
    ]
    for _, arguments in list_messages(broker):
        tasks.evaluate_if_due(**arguments)
    assert count_ended() == 5


def test_the_same_places_twice_are_one_question_more(clock, django_assert_num_queries):
    ids = make_alerts(2)
    clock(LATER)
    tasks.evaluate_if_due(place_ids=ids)

    with django_assert_num_queries(1):
        tasks.evaluate_if_due(place_ids=ids)

    assert count_ended() == 2


def test_only_the_places_of_the_message_are_looked_at(clock):
    first, second = make_alerts(2)
    clock(LATER)

    tasks.evaluate_if_due(place_ids=[second])

    assert AlertChange.objects.filter(reason="NOT_CONFIRMED").get().alert.place_id == second
    assert evaluation.find_due_places(now=LATER, limit=5) == [first]


def test_a_batch_that_fails_keeps_no_other_from_being_queued(broker, clock, monkeypatch):
    monkeypatch.setattr(evaluation, "BATCH", 1)
    ids = make_alerts(2)
    clock(LATER)

    def fail(*_, **__):
        raise RuntimeError("this place")

    monkeypatch.setattr(evaluation, "evaluate_places", fail)
    with pytest.raises(RuntimeError, match="this place"):
        tasks.evaluate_due_places()

    assert list_messages(broker) == [("evaluate_if_due", {"place_ids": ids[1:]})]


@pytest.fixture
def old_climates(monkeypatch):
    """Three places to be counted anew, each a part; a tick has time for one."""
    monkeypatch.setattr(place_climate, "REPAIRED_TOGETHER", 1)
    monkeypatch.setattr(passes, "REPAIRING_SECONDS", 0.0)
    for number in range(3):
        place = make_place(name=f"Place {number}")
        make_readings(place)
        build_window(place, end_at=NOON, now=NOON)  # counts them


def count_repaired():
    return PlaceClimate.objects.filter(counted_at=LATER).count()


@pytest.mark.usefixtures("old_climates")
def test_a_tick_asks_for_help_and_who_helps_does_too(broker, clock):
    clock(LATER)

    tasks.repair_climates()
    assert count_repaired() == 1
    assert list_messages(broker) == [("help_tick", {"name": "repair_climates"})]

    TickRun.objects.update(finished_at=None)  # as long as the tick itself is at it
    tasks.help_tick(name="repair_climates")
    assert count_repaired() == 2
    assert list_messages(broker) == 2 * [("help_tick", {"name": "repair_climates"})]


@pytest.mark.usefixtures("old_climates", "broker")
def test_help_that_comes_when_the_tick_is_over_does_nothing(clock, django_assert_num_queries):
    clock(LATER)
    tasks.repair_climates()

    with django_assert_num_queries(1):
        tasks.help_tick(name="repair_climates")

    assert count_repaired() == 1


@pytest.mark.usefixtures("old_climates", "redis_is_down")
def test_without_a_broker_the_tick_does_its_part_alone(clock):
    clock(LATER)

    tasks.repair_climates()

    assert count_repaired() == 1
    assert not TickRun.objects.is_running("repair_climates")


def test_help_for_what_another_release_asked_for_is_none(django_assert_num_queries):
    with django_assert_num_queries(0):
        tasks.help_tick(name="count_sheep")


def test_a_tick_runs_from_its_beginning_until_it_is_done_or_fails():
    def begin(at):
        TickRun.objects.begin("job", every=HOUR, now=at, pause=0 * HOUR)

    assert not TickRun.objects.is_running("job")
    begin(NOON)
    assert TickRun.objects.is_running("job")
    TickRun.objects.finish("job", now=NOON + HOUR)
    assert not TickRun.objects.is_running("job")
    begin(NOON + 2 * HOUR)
    assert TickRun.objects.is_running("job")
    TickRun.objects.fail("job", "OSError", now=NOON + 3 * HOUR)
    assert not TickRun.objects.is_running("job")
