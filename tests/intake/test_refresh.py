"""Fetched weather is stored wholly or not at all, and failures stay visible."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.factories import NOON, make_place, make_readings, make_scene
from tests.intake.bodies import make_body, make_item, make_items
from tests.intake.conftest import FORECAST_PATH
from weatherapp.intake import fetch
from weatherapp.intake.refresh import refresh
from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.intake.source import LONGEST_ERROR
from weatherapp.models import Place

pytestmark = pytest.mark.django_db
NOW = NOON + timedelta(minutes=7)
LEASE = timedelta(minutes=5)


def make_claimed_place(**fields) -> Place:
    """A place as a worker holds it; its number, which spreads the schedule, starts at 1."""
    held = {"pk": Place.objects.count() + 1, "next_refresh_at": NOW, "claimed_until": NOW + LEASE}
    return make_place(**(held | fields))


def serve(server: HTTPServer, *items, status: int = 200) -> None:
    server.clear()
    server.expect_request(FORECAST_PATH).respond_with_data(make_body(*items), status=status)


def test_readings_and_the_sources_forecast_are_stored(site_source: HTTPServer):
    serve(site_source, make_item(now=NOW))
    place = make_claimed_place()

    assert refresh([place.pk], now=NOW) == [place.pk]

    latest = place.readings.latest()
    assert place.readings.count() == 24
    assert (latest.observed_at, latest.received_at) == (NOON, NOW)
    assert (latest.temperature_c, latest.precipitation_mm) == (11.5, 0.3)
    assert (latest.wind_gust_ms, latest.snowfall_cm, latest.weather_code) == (11.2, 0.0, 61)
    assert latest.source == "open_meteo"
    run = place.source_forecasts.get()
    assert (run.hour_at, run.issued_at, run.received_at) == (NOON, None, NOW)
    assert (run.run_at, run.source) == (NOON, "open_meteo")
    assert len(run.series.hours()) == 48
    assert run.series.at(NOON + timedelta(hours=1)) == {
        "temperature_c": 11.5,
        "pressure_msl_hpa": 1009.3,
        "wind_speed_ms": 5.4,
        "wind_gust_ms": 11.2,
        "precipitation_mm": 0.3,
        "snowfall_cm": 0.0,
        "weather_code": 61,
        "precipitation_probability": 0.65,
    }


def test_a_good_fetch_clears_what_failed_and_plans_the_next_hour(site_source: HTTPServer):
    serve(site_source, make_item(now=NOW))
    place = make_claimed_place(fetch_error="503", fetch_failures=4, fetch_failed_at=NOON)

    refresh([place.pk], now=NOW)

    place.refresh_from_db()
    assert (place.fetched_at, place.fetch_failed_at) == (NOW, None)
    assert (place.fetch_error, place.fetch_failures) == ("", 0)
    assert place.claimed_until is None
    assert f"{place.next_refresh_at:%H:%M}" == "13:01"


def test_two_refreshes_of_one_hour_store_it_once_and_the_newest_wins(site_source: HTTPServer):
    place = make_claimed_place()
    serve(site_source, make_item(now=NOW))
    refresh([place.pk], now=NOW)
    changed = make_item(now=NOW)
    changed["hourly"]["precipitation"] = [0.9] * 75
    serve(site_source, changed)

    later = NOW + timedelta(minutes=30)
    refresh([place.pk], now=later)

    assert place.readings.count() == 24
    assert {reading.precipitation_mm for reading in place.readings.all()} == {0.9}
    assert {reading.received_at for reading in place.readings.all()} == {later}
    run = place.source_forecasts.get()
    assert run.received_at == later
    assert run.columns["precipitation_mm"] == [0.9] * 48


def test_the_next_hour_adds_one_reading_and_one_run(site_source: HTTPServer):
    place = make_claimed_place()
    for hour in range(2):
        serve(site_source, make_item(now=NOW + timedelta(hours=hour)))
        refresh([place.pk], now=NOW + timedelta(hours=hour))

    assert place.readings.count() == 25
    assert place.source_forecasts.count() == 2


def test_a_failed_fetch_keeps_the_old_readings_and_says_why(site_source: HTTPServer, caplog):
    site_source.expect_request(FORECAST_PATH).respond_with_json(
        {"error": True, "reason": "The service is overloaded"}, status=503
    )
    place = make_claimed_place(fetched_at=NOON - timedelta(hours=1))
    make_readings(place, until=NOON - timedelta(hours=1))

    assert refresh([place.pk], now=NOW) == []

    place.refresh_from_db()
    assert place.readings.count() == 24
    assert place.fetched_at == NOON - timedelta(hours=1)
    assert place.fetch_failed_at == NOW
    assert "The service is overloaded" in place.fetch_error
    assert place.fetch_failures == 1
    assert place.claimed_until is None
    assert place.next_refresh_at == NOW + timedelta(minutes=1)
    assert f"SourceUnavailableError: {place.fetch_error}" in caplog.text


def test_failures_in_a_row_are_counted_and_asked_about_less_often(site_source: HTTPServer):
    serve(site_source, {}, status=500)
    place = make_claimed_place()
    pauses = []
    for _ in range(4):
        refresh([place.pk], now=NOW)
        place.refresh_from_db()
        pauses.append((place.next_refresh_at - NOW) // timedelta(minutes=1))

    assert place.fetch_failures == 4
    assert pauses == [1, 2, 4, 8]


def test_a_used_up_allowance_waits_for_its_window(site_source: HTTPServer):
    site_source.expect_request(FORECAST_PATH).respond_with_json(
        {"error": True, "reason": "Hourly API request limit exceeded."}, status=429
    )
    place = make_claimed_place()

    refresh([place.pk], now=NOW)

    place.refresh_from_db()
    assert f"{place.next_refresh_at:%H:%M}" == "13:01"


@pytest.mark.parametrize(
    ("body", "pauses"),
    [
        pytest.param(b'[{"hourly"', ["12:08", "13:01", "13:01"], id="garbled"),
        pytest.param(b'{"error": true}', ["13:01", "13:01", "13:01"], id="refused"),
    ],
)
def test_what_does_not_mend_by_itself_is_not_asked_often(site_source, body, pauses):
    site_source.expect_request(FORECAST_PATH).respond_with_data(body)
    place = make_claimed_place()
    seen = []
    for _ in pauses:
        refresh([place.pk], now=NOW)
        place.refresh_from_db()
        seen.append(f"{place.next_refresh_at:%H:%M}")

    assert seen == pauses


def test_a_long_reason_fits_the_row(site_source: HTTPServer, settings):
    settings.WEATHER_SOURCE = "x" * 900
    place = make_claimed_place(source="")

    refresh([place.pk], now=NOW)

    place.refresh_from_db()
    assert len(place.fetch_error) == LONGEST_ERROR


def test_one_rejected_place_does_not_lose_its_batch(site_source: HTTPServer):
    def answer(request: Request) -> Response:
        latitudes = request.args["latitude"].split(",")
        if "89.0000" in latitudes:
            reason = json.dumps({"error": True, "reason": "No data is available"})
            return Response(reason, 400)
        return Response(make_body(*make_items(len(latitudes), now=NOW)))

    site_source.expect_request(FORECAST_PATH).respond_with_handler(answer)
    places = [make_claimed_place(name=f"Place {number}") for number in range(9)]
    pole = make_claimed_place(name="Pole", latitude=89.0)

    stored = refresh([place.pk for place in [*places, pole]], now=NOW)

    assert stored == [place.pk for place in places]
    pole.refresh_from_db()
    assert "No data is available" in pole.fetch_error


def test_one_garbled_place_does_not_lose_its_batch(site_source: HTTPServer):
    items = make_items(3, now=NOW)
    items[1]["hourly"]["time"] = None
    serve(site_source, *items)
    places = [make_claimed_place(name=name) for name in ("A", "B", "C")]

    stored = refresh([place.pk for place in places], now=NOW)

    assert stored == [places[0].pk, places[2].pk]


def test_an_edit_in_the_admin_meanwhile_is_kept(site_source: HTTPServer, monkeypatch):
    serve(site_source, make_item(now=NOW))
    place = make_claimed_place()

    def fetch_while_somebody_edits(places, *, now):
        Place.objects.filter(pk=place.pk).update(name="Baile Átha Cliath")
        return fetch(places, now=now)

    monkeypatch.setattr("weatherapp.intake.refresh.fetch", fetch_while_somebody_edits)

    assert refresh([place.pk], now=NOW) == [place.pk]

    place.refresh_from_db()
    assert place.name == "Baile Átha Cliath"


def test_a_place_that_is_gone_is_left_out():
    assert refresh([987], now=NOW) == []


def test_the_replay_stores_readings_and_no_forecast():
    andrea = SCENES["andrea-2013"]
    make_scene(
        starts_at=andrea.starts_at,
        plays_until_at=andrea.plays_until_at,
        anchor_scene_at=andrea.plays_until_at + timedelta(minutes=50),
        anchor_real_at=NOW,
    )
    place = make_claimed_place(source="replay", station="LGA")

    assert refresh([place.pk], now=NOW) == [place.pk]

    assert place.readings.count() == 24
    assert place.readings.latest().observed_at == andrea.plays_until_at
    assert place.readings.latest().received_at == NOW
    assert not place.source_forecasts.exists()
    place.refresh_from_db()
    assert place.next_refresh_at == NOW + timedelta(minutes=11)
