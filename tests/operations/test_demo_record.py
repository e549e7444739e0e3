"""The demo has its season before the first hour is played, whatever the ticks do."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import make_alert, make_rule
from tests.forecasting.windows import build_window
from weatherapp import tasks
from weatherapp.alerting.catalogue import BY_KEY
from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.models import AlertState, Place, PredictionRequest, Rule
from weatherapp.operations import demo

pytestmark = pytest.mark.django_db
ANDREA = SCENES["andrea-2013"]
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def requests(monkeypatch):
    """Plays one hour, without a predictor; the requests that were made in it."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    monkeypatch.setattr(demo, "hours_to_play", lambda scene, now: [scene.starts_at])
    monkeypatch.setattr(
        demo, "_play_hour", lambda report: tasks.refresh_places(place_ids=list_place_ids())
    )
    asking = "weatherapp.forecasting.asking.dispatch"
    monkeypatch.setattr(f"{asking}.count_messages", lambda queue: 0)
    monkeypatch.setattr(f"{asking}.current_app.send_task", lambda *args, **named: None)
    return PredictionRequest.objects.order_by("place_id")


def list_place_ids():
    return [place.pk for place in Place.objects.all()]


def test_the_first_hour_is_compared_with_ninety_days(requests):
    demo.play(demo.load(ANDREA), report=str)

    climates = [request.window["climate"] for request in requests]
    assert len(climates) == 3
    assert all(climate["known_days"] > 89 for climate in climates)
    assert {request.window_end_at for request in requests} == {ANDREA.starts_at}


def test_every_play_starts_from_the_same(requests):
    scene = demo.load(ANDREA)
    demo.play(scene, report=str)
    played = [request.window for request in requests]

    tasks.backfill_due_places()
    demo.play(scene, report=str)

    assert [
        build_window(place, end_at=ANDREA.starts_at, now=ANDREA.starts_at).to_wire()
        for place in Place.objects.order_by("pk")
    ] == played


def test_the_real_clock_takes_over_a_schedule_in_real_time(requests, monkeypatch):
    monkeypatch.setattr(demo, "hours_to_play", lambda scene, now: [scene.plays_until_at])

    demo.play(demo.load(ANDREA), report=str)

    planned = {place.next_refresh_at for place in Place.objects.all()}
    assert planned == {NOW + timedelta(hours=1, minutes=1)}


def test_what_was_to_be_looked_at_in_playing_time_is_looked_at_at_once(requests):
    scene = demo.load(ANDREA)
    place = Place.objects.first()
    alert = make_alert(make_rule(place), check_at=NOW + timedelta(hours=9))
    ended = make_alert(make_rule(place), state=AlertState.ENDED, ended_at=NOW, check_at=None)

    demo.play(scene, report=str)

    alert.refresh_from_db()
    ended.refresh_from_db()
    assert alert.check_at == NOW
    assert ended.check_at is None


def test_hours_that_passed_while_others_were_played_are_fetched_at_once(requests):
    scene = demo.load(ANDREA)
    demo.play(scene, report=str)
    played_at = scene.time_at(NOW) - timedelta(hours=3)

    demo._plan(played_at, now=NOW)

    assert {place.next_refresh_at < NOW for place in Place.objects.all()} == {True}


def test_the_demo_has_the_catalogues_rules_once(requests):
    for _ in range(2):
        demo.load(ANDREA)

    assert sorted(Rule.objects.values_list("key", flat=True)) == sorted(BY_KEY)
