"""The days before a place was watched are stored once, and never over what is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError
from pytest_httpserver import HTTPServer

from tests.factories import NOON, make_place, make_readings, make_scene
from tests.intake.bodies import make_body, make_item
from tests.intake.conftest import FORECAST_PATH
from weatherapp import tasks
from weatherapp.intake import backfill as module
from weatherapp.intake import fetch
from weatherapp.intake.backfill import backfill
from weatherapp.intake.refresh import refresh
from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.intake.source import BACKFILL_DAYS
from weatherapp.models import Place, Reading

pytestmark = pytest.mark.django_db
NOW = NOON + timedelta(minutes=7)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOURS = BACKFILL_DAYS * 24


def serve(server: HTTPServer, *, status: int = 200, body: bytes | None = None) -> None:
    """What Open-Meteo has of whole days, the running one included."""
    item = make_item(now=NOW, past=BACKFILL_DAYS * 24 + 12, ahead=12)
    server.clear()
    server.expect_request(FORECAST_PATH).respond_with_data(
        make_body(item) if body is None else body, status=status
    )


def test_it_stores_the_days_before_and_says_so(site_source: HTTPServer):
    serve(site_source)
    place = make_place()

    backfill(place.pk, now=NOW)

    place.refresh_from_db()
    assert (place.backfilled_at, place.next_backfill_at) == (NOW, None)
    assert place.readings.count() == HOURS
    first, last = place.readings.earliest(), place.readings.latest()
    assert (first.observed_at, last.observed_at) == (NOON - (HOURS - 1) * HOUR, NOON)
    assert (first.temperature_c, first.precipitation_mm) == (11.5, 0.3)
    assert (first.source, first.received_at) == ("open_meteo", NOW)


def test_an_hour_that_is_stored_stays_as_it_is(site_source: HTTPServer):
    serve(site_source)
    place = make_place()
    make_readings(place, hours=3)

    backfill(place.pk, now=NOW)

    assert place.readings.count() == HOURS
    assert place.readings.filter(temperature_c=12.0).count() == 3
    assert place.readings.latest().received_at == NOON


def test_it_is_done_once(site_source: HTTPServer):
    serve(site_source)
    place = make_place()

    for _ in range(2):
        backfill(place.pk, now=NOW)

    assert len(site_source.log) == 1


def test_a_second_one_at_the_same_time_does_no_harm(site_source: HTTPServer, monkeypatch):
    serve(site_source)
    place = make_place()
    fetch_past = module.fetch_past

    def fetch_while_another_is_quicker(asked, *, now):
        monkeypatch.setattr(module, "fetch_past", fetch_past)
        backfill(place.pk, now=NOW)
        return fetch_past(asked, now=now)

    monkeypatch.setattr(module, "fetch_past", fetch_while_another_is_quicker)

    backfill(place.pk, now=NOW + HOUR)

    assert place.readings.count() == HOURS + 1
    assert len(site_source.log) == 2


def test_half_of_it_is_not_stored_and_it_runs_again(site_source: HTTPServer, monkeypatch):
    serve(site_source)
    place = make_place()
    make_reading, calls = module.make_reading, iter(range(10_000))

    def fail_in_the_second_batch(*args, **named):
        if next(calls) > module.ROWS:
            raise DatabaseError("killed")
        return make_reading(*args, **named)

    monkeypatch.setattr(module, "make_reading", fail_in_the_second_batch)
    with pytest.raises(DatabaseError):
        backfill(place.pk, now=NOW)
    assert not place.readings.exists()
    monkeypatch.undo()

    serve(site_source)
    backfill(place.pk, now=NOW)

    assert place.readings.count() == HOURS


@pytest.mark.parametrize(
    ("status", "body", "next_at"),
    [
        pytest.param(503, b"", NOW + HOUR, id="out of order"),
        pytest.param(200, b'{"hourly"', NOW + HOUR, id="cut off"),
        pytest.param(403, b"", NOW + DAY, id="refused"),
        pytest.param(400, b'{"error": true, "reason": "No data"}', NOW + DAY, id="rejected"),
        pytest.param(
            429,
            b'{"error": true, "reason": "Minutely API request limit exceeded."}',
            NOW + HOUR,
            id="this minute's allowance",
        ),
        pytest.param(
            429,
            b'{"error": true, "reason": "Daily API request limit exceeded."}',
            NOON + 12 * HOUR,
            id="the day's allowance",
        ),
    ],
)
def test_a_failure_is_tried_again_but_not_soon(site_source, caplog, status, body, next_at):
    serve(site_source, status=status, body=body)
    place = make_place(fetched_at=NOW)

    backfill(place.pk, now=NOW)

    place.refresh_from_db()
    assert (place.backfilled_at, place.next_backfill_at) == (None, next_at)
    assert not place.readings.exists()
    assert f"no past of place {place.pk}" in caplog.text


def test_the_present_does_not_fail_with_the_past(site_source: HTTPServer):
    serve(site_source, status=503, body=b"")
    place = make_place(fetched_at=NOW)

    backfill(place.pk, now=NOW)

    place.refresh_from_db()
    assert (place.fetch_failures, place.fetch_error) == (0, "")


def test_the_past_of_elsewhere_is_thrown_away(site_source: HTTPServer, monkeypatch):
    serve(site_source)
    place = make_place()
    fetch_past = module.fetch_past

    def fetch_while_it_is_moved(asked, *, now):
        Place.objects.filter(pk=place.pk).update(latitude=10.0)
        return fetch_past(asked, now=now)

    monkeypatch.setattr(module, "fetch_past", fetch_while_it_is_moved)

    backfill(place.pk, now=NOW)

    place.refresh_from_db()
    assert not place.readings.exists()
    assert place.backfilled_at is None


def test_so_are_the_newest_hours_of_elsewhere(site_source: HTTPServer, monkeypatch):
    site_source.expect_request(FORECAST_PATH).respond_with_data(make_body(make_item(now=NOW)))
    place = make_place()

    def fetch_while_it_is_moved(places, *, now):
        Place.objects.filter(pk=place.pk).update(longitude=10.0)
        return fetch(places, now=now)

    monkeypatch.setattr("weatherapp.intake.refresh.fetch", fetch_while_it_is_moved)

    assert refresh([place.pk], now=NOW) == []

    place.refresh_from_db()
    assert not place.readings.exists()
    assert (place.next_refresh_at, place.fetched_at) == (None, None)


def test_a_place_that_is_gone_has_no_past():
    backfill(987, now=NOW)

    assert not Reading.objects.exists()


def test_the_replay_goes_back_by_the_clock_of_the_scene():
    andrea = SCENES["andrea-2013"]
    make_scene(
        starts_at=andrea.starts_at,
        plays_until_at=andrea.plays_until_at,
        anchor_scene_at=None,
        anchor_real_at=None,
    )
    place = make_place(source="replay", station="LGA")

    backfill(place.pk, now=NOW)

    place.refresh_from_db()
    assert place.backfilled_at == NOW
    assert place.readings.latest().observed_at == andrea.starts_at
    assert place.readings.earliest().observed_at == andrea.starts_at - (HOURS - 1) * HOUR
    assert place.readings.count() > 0.99 * HOURS


def test_a_tick_gives_each_young_place_a_task_of_its_own(monkeypatch):
    queued = []
    monkeypatch.setattr(tasks.backfill_place, "delay", lambda **named: queued.append(named))
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    young = [make_place(name=name, fetched_at=NOON) for name in ("A", "B")]
    make_place(name="filled", fetched_at=NOON, backfilled_at=NOON)

    tasks.backfill_due_places()
    tasks.backfill_due_places()

    assert queued == [{"place_id": place.pk} for place in young]


def test_the_task_stores_one_places_past(site_source: HTTPServer, monkeypatch):
    serve(site_source)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    place, other = make_place(name="A"), make_place(name="B")

    tasks.backfill_place(place_id=place.pk)

    assert Reading.objects.filter(place=place).count() == HOURS
    assert not Reading.objects.filter(place=other).exists()
