"""The week ahead: asked for with the hours, kept as one row a place, apart from the runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_httpserver import HTTPServer

from tests.factories import NOON, make_place, make_scene
from tests.intake.bodies import make_body, make_item
from tests.intake.conftest import FORECAST_PATH
from weatherapp.intake.open_meteo_body import Numbers, parse_body
from weatherapp.intake.refresh import refresh
from weatherapp.intake.retention import count_kept_rows
from weatherapp.intake.source import PAST_HOURS, WEEK_HOURS
from weatherapp.intake.week import read_week
from weatherapp.models import Place, WeekForecast

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOW = NOON + timedelta(minutes=7)
AHEAD = 170  # as asked for: the running hour, a week, and one to spare


def serve(server: HTTPServer, *items) -> None:
    server.clear()
    server.expect_request(FORECAST_PATH).respond_with_data(make_body(*items))


def fetch_week(server: HTTPServer, place: Place, *, now=NOW, ahead: int = AHEAD) -> WeekForecast:
    serve(server, make_item(now=now, ahead=ahead))
    refresh([place.pk], now=now)
    return WeekForecast.objects.get()


def read(item, hour_at=NOON):
    (answer,) = parse_body(make_body(item), places=1)
    return read_week(answer, hour_at)


def test_one_request_of_weight_one_asks_for_it(site_source: HTTPServer):
    fetch_week(site_source, make_place())

    ((request, _),) = site_source.log
    past, ahead = int(request.args["past_hours"]), int(request.args["forecast_hours"])
    assert past > PAST_HOURS
    assert ahead > WEEK_HOURS
    # https://open-meteo.com/en/pricing: more than ten variables or fourteen days weigh more
    assert len(request.args["hourly"].split(",")) <= 10
    assert past + ahead <= 14 * 24


def test_the_week_is_kept_beside_the_run_of_the_near_hours(site_source: HTTPServer):
    place = make_place()

    week = fetch_week(site_source, place)

    assert (week.place, week.source, week.hour_at, week.received_at) == (
        place,
        "open_meteo",
        NOON,
        NOW,
    )
    assert week.series.hours() == [NOON + lead * HOUR for lead in range(1, 169)]
    assert week.series.at(NOON + 168 * HOUR) == {
        "temperature_c": 11.5,
        "pressure_msl_hpa": 1009.3,
        "wind_speed_ms": 5.4,
        "wind_gust_ms": 11.2,
        "precipitation_mm": 0.3,
        "snowfall_cm": 0.0,
        "weather_code": 61,
        "precipitation_probability": 0.65,
    }
    assert len(place.source_forecasts.get().series.hours()) == 48, "as rules and scores know it"


def test_each_fetch_overwrites_it(site_source: HTTPServer):
    place = make_place()
    first = fetch_week(site_source, place)

    second = fetch_week(site_source, place, now=NOW + HOUR)

    assert (second.pk, second.hour_at) == (first.pk, NOON + HOUR)
    assert second.first_at == NOON + 2 * HOUR
    assert place.source_forecasts.count() == 2


def test_an_answer_of_two_days_is_a_short_week(site_source: HTTPServer):
    week = fetch_week(site_source, make_place(), ahead=50)

    assert len(week.series.hours()) == 49


def test_hours_that_are_null_or_absent_stay_gaps():
    item = make_item(now=NOW, ahead=AHEAD)
    hourly = item["hourly"]
    temperatures, gusts = hourly["temperature_2m"], hourly["wind_gusts_10m"]
    temperatures[-AHEAD + 2] = None
    gusts[-AHEAD + 100 :] = [None] * 70
    for column in hourly.values():
        del column[-AHEAD + 5]  # the whole hour

    series = read(item)

    assert series.columns["temperature_c"][:6] == [11.5, None, 11.5, 11.5, None, 11.5]
    assert series.columns["wind_gust_ms"][98:102] == [11.2, None, None, None]
    assert len(series.hours()) == 168


def test_an_answer_without_anything_to_come_has_no_week():
    assert read(make_item(now=NOW, ahead=1)) is None


def test_implausible_values_are_gaps_and_counted(caplog):
    item = make_item(now=NOW, ahead=AHEAD)
    item["hourly"]["temperature_2m"][-3:] = [999.0, 999.0, 11.5]

    series = read(item)

    assert series.columns["temperature_c"][-3:] == [11.5, None, None]
    assert "{'temperature_c': 2}" in caplog.text


def test_numbers_that_are_all_different_are_read_but_not_kept():
    numbers = Numbers()

    read_numbers = [numbers[f"{number}.5"] for number in range(Numbers.MOST + 10)]

    assert read_numbers[-1] == Numbers.MOST + 9.5
    assert len(numbers) == Numbers.MOST
    assert numbers["9" * 5000] == float("inf")


def test_a_replay_has_none():
    make_scene(anchor_scene_at=datetime(2013, 6, 7, 12, tzinfo=UTC))
    place = make_place(source="replay", station="JFK")

    assert refresh([place.pk], now=NOW) == [place.pk]

    assert not WeekForecast.objects.exists()


def test_it_goes_with_a_move_and_with_the_place(site_source: HTTPServer):
    place = make_place()
    fetch_week(site_source, place)

    Place.objects.get().forget_weather(now=NOW)
    assert not WeekForecast.objects.exists()

    fetch_week(site_source, place, now=NOW + HOUR)
    place.delete()
    assert not WeekForecast.objects.exists()


def test_storage_counts_a_row_a_place():
    assert count_kept_rows()[WeekForecast] == 1
