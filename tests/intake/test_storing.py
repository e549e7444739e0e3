"""A batch's weather is stored in a few statements, and only what changed is written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from pytest_httpserver import HTTPServer

from tests.factories import NOON, make_place
from tests.intake.bodies import make_body, make_items
from tests.intake.conftest import FORECAST_PATH
from weatherapp.intake.refresh import refresh
from weatherapp.intake.source import Hour, PlaceWeather, SourceUnavailableError
from weatherapp.intake.storing import store_outcomes
from weatherapp.models import Place, Reading, SourceForecast

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOW = NOON + timedelta(minutes=7)
LEASE = timedelta(minutes=5)


def make_places(count: int) -> list[Place]:
    """As a worker holds them; of one hundred, whose next hour is the same, whatever ran before."""
    held = {"next_refresh_at": NOW, "claimed_until": NOW + LEASE}
    return [make_place(pk=1 + number, name=f"Place {number}", **held) for number in range(count)]


def serve(server: HTTPServer, *items) -> None:
    server.clear()
    server.expect_request(FORECAST_PATH).respond_with_data(make_body(*items))


def say(*temperatures_c: float, end_at=NOON) -> PlaceWeather:
    """The hours up to `end_at`, and a forecast of one."""
    hours = [
        Hour(end_at - age * HOUR, {"temperature_c": value})
        for age, value in zip(reversed(range(len(temperatures_c))), temperatures_c, strict=True)
    ]
    return PlaceWeather(end_at, tuple(hours), (Hour(end_at + HOUR, {"temperature_c": 9.0}),))


def list_written(captured: CaptureQueriesContext) -> list[str]:
    """The table of each statement that writes, in turn."""
    writes = [query["sql"] for query in captured if query["sql"].startswith(("INSERT", "UPDATE"))]
    return [sql.split("weatherapp_")[1].split('"')[0] for sql in writes]


def test_hours_that_did_not_change_are_not_written():
    (place,) = make_places(1)
    store_outcomes([place], {place.pk: say(1.0, 2.0, 3.0)}, now=NOW)

    store_outcomes([place], {place.pk: say(2.0, 3.5, 4.0, end_at=NOON + HOUR)}, now=NOW + HOUR)

    rows = place.readings.order_by("observed_at").values_list("temperature_c", "received_at")
    assert list(rows) == [(1.0, NOW), (2.0, NOW), (3.5, NOW + HOUR), (4.0, NOW + HOUR)]


def test_a_value_that_is_known_by_now_or_not_any_more_is_a_change():
    (place,) = make_places(1)
    dry, unknown = {"temperature_c": 1.0, "precipitation_mm": 0.0}, {"temperature_c": 1.0}

    for number, values in enumerate((unknown, dry, dry, unknown)):
        said = PlaceWeather(NOON, (Hour(NOON, values),))
        store_outcomes([place], {place.pk: said}, now=NOW + number * HOUR)
        seen = place.readings.get()
        assert seen.precipitation_mm == values.get("precipitation_mm")
        assert seen.received_at == NOW + {0: 0, 1: 1, 2: 1, 3: 3}[number] * HOUR


def test_where_nothing_changed_no_reading_is_written():
    places = make_places(3)
    said = {place.pk: say(1.0, 2.0) for place in places}
    store_outcomes(places, said, now=NOW)

    with CaptureQueriesContext(connection) as captured:
        store_outcomes(places, said, now=NOW + timedelta(minutes=10))

    assert list_written(captured) == ["sourceforecast", "place"]


def test_the_answers_of_one_source_do_not_hide_those_of_another():
    (place,) = make_places(1)
    store_outcomes([place], {place.pk: say(1.0)}, now=NOW)
    place.source = "replay"
    place.save()

    store_outcomes([place], {place.pk: say(1.0)}, now=NOW)

    assert set(place.readings.values_list("source", flat=True)) == {"open_meteo", "replay"}


@pytest.mark.parametrize("answer", [say(1.0), SourceUnavailableError("down")])
def test_the_statements_do_not_grow_with_the_places(answer):
    counts = []
    for size in (2, 20):
        Place.objects.all().delete()
        places = make_places(size)
        with CaptureQueriesContext(connection) as captured:
            store_outcomes(places, {place.pk: answer for place in places}, now=NOW)
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 6


def test_places_that_were_moved_or_deleted_meanwhile_are_left_out():
    places = make_places(3)
    Place.objects.filter(pk=places[0].pk).update(station="LGA")
    Place.objects.filter(pk=places[1].pk).delete()

    assert store_outcomes(places, {place.pk: say(1.0) for place in places}, now=NOW) == [
        places[2].pk
    ]

    assert set(Reading.objects.values_list("place_id", flat=True)) == {places[2].pk}
    assert not Place.objects.filter(fetched_at__isnull=False).exclude(pk=places[2].pk).exists()


def test_good_and_bad_answers_of_one_batch_go_to_their_places():
    places = make_places(4)
    bad = SourceUnavailableError("down")
    said = dict(zip((place.pk for place in places), (say(1.0), bad, say(2.0), bad), strict=True))

    assert store_outcomes(places, said, now=NOW) == [places[0].pk, places[2].pk]

    errors = Place.objects.order_by("pk").values_list("fetch_error", "fetch_failures")
    assert list(errors) == [("", 0), ("down", 1), ("", 0), ("down", 1)]


def fail_forecasts_of(place: Place):
    """The database refuses the last of a place's rows."""

    def execute(call, sql, params, many, context):
        is_forecast = "weatherapp_sourceforecast" in sql and sql.startswith("INSERT")
        # PostgreSQL takes a list a column.
        if is_forecast and any(
            place.pk in (value if type(value) is list else [value]) for value in params
        ):
            raise DatabaseError("disk full")
        return call(sql, params, many, context)

    return connection.execute_wrapper(execute)


def test_a_database_error_half_way_stores_nothing_of_that_place(site_source: HTTPServer, caplog):
    serve(site_source, *make_items(3, now=NOW))
    places = make_places(3)

    with fail_forecasts_of(places[1]):
        stored = refresh([place.pk for place in places], now=NOW)

    assert stored == [places[0].pk, places[2].pk]
    assert not Reading.objects.filter(place=places[1]).exists()
    assert not SourceForecast.objects.filter(place=places[1]).exists()
    places[1].refresh_from_db()
    assert places[1].fetched_at is None
    assert places[1].claimed_until == NOW + LEASE, "due again when the lease is over"
    assert "cannot be stored" in caplog.text


def test_a_value_that_the_database_refuses_costs_its_place_alone(monkeypatch):
    places = make_places(5)
    impossible = PlaceWeather(NOON, (Hour(NOON, {"precipitation_mm": -1.0}),))
    said = {place.pk: say(1.0) for place in places} | {places[1].pk: impossible}
    monkeypatch.setattr("weatherapp.intake.refresh.fetch", lambda places, now: said)

    stored = refresh([place.pk for place in places], now=NOW)

    assert stored == [place.pk for place in places if place != places[1]]
    assert Reading.objects.count() == SourceForecast.objects.count() == 4
    assert Place.objects.get(fetched_at=None) == places[1]
