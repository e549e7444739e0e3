"""The past days of Open-Meteo, over real HTTP."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer

from tests.factories import NOON
from tests.intake.bodies import make_body, make_item, make_spots
from tests.intake.conftest import FORECAST_PATH
from weatherapp.intake.allowance import FREE_LIMITS, PAST_WEIGHT
from weatherapp.intake.rate import MINUTE
from weatherapp.intake.source import (
    BACKFILL_DAYS,
    PlaceWeather,
    SourceGarbledError,
    SourceRefusedError,
    SourceUnavailableError,
)

NOW = NOON + timedelta(minutes=7)
(SPOT,) = make_spots(1)
HOURS = BACKFILL_DAYS * 24
ASKED = {
    "temperature_2m",
    "dew_point_2m",
    "pressure_msl",
    "wind_speed_10m",
    "wind_direction_10m",
    "precipitation",
    "snowfall",
    "wind_gusts_10m",
    "weather_code",
}


def make_past(**series) -> bytes:
    """Whole days, as the real one answers: from 00:00 of the first to 23:00 of today."""
    item = make_item(now=NOW, past=HOURS + 12, ahead=12)
    for name in set(item["hourly_units"]) - ASKED - {"time"}:
        del item["hourly"][name], item["hourly_units"][name]
    item["hourly"] |= series
    return make_body(item)


def test_all_days_up_to_the_running_hour_and_no_later_one(connect, httpserver: HTTPServer):
    httpserver.expect_request(FORECAST_PATH).respond_with_data(make_past())

    past = connect().fetch_past(SPOT, now=NOW)

    assert [hour.at for hour in past] == [
        NOON - timedelta(hours=age) for age in reversed(range(HOURS))
    ]
    assert past[0].values["temperature_c"] == 11.5
    assert past[0].values["precipitation_mm"] == 0.3


def test_it_asks_for_days_and_for_readings_alone(connect, httpserver: HTTPServer):
    httpserver.expect_request(FORECAST_PATH).respond_with_data(make_past())

    connect().fetch_past(SPOT, now=NOW)

    ((request, _),) = httpserver.log
    assert set(request.args["hourly"].split(",")) == ASKED
    assert (request.args["past_days"], request.args["forecast_days"]) == ("91", "1")
    assert not {"past_hours", "forecast_hours"} & set(request.args)
    assert (request.args["latitude"], request.args["timezone"]) == ("10.0000", "GMT")


def test_what_cannot_be_is_unknown(connect, httpserver: HTTPServer):
    rain = [0.0] * (HOURS + 24)
    rain[HOURS + 12] = 999.0  # the running hour
    httpserver.expect_request(FORECAST_PATH).respond_with_data(make_past(precipitation=rain))

    past = connect().fetch_past(SPOT, now=NOW)

    assert past[-2].values["precipitation_mm"] == 0.0
    assert "precipitation_mm" not in past[-1].values


def test_a_shorter_past_is_taken_as_it_is(connect, httpserver: HTTPServer):
    item = make_item(now=NOW, past=30)
    httpserver.expect_request(FORECAST_PATH).respond_with_data(make_body(item))

    assert len(connect().fetch_past(SPOT, now=NOW)) == 31


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(200, b'{"hourly": {', SourceGarbledError, id="cut off"),
        pytest.param(200, b'{"hourly": {}}', SourceGarbledError, id="without units"),
        pytest.param(
            200,
            make_body(make_item(now=NOON - timedelta(days=200))),
            SourceGarbledError,
            id="other days",
        ),
        pytest.param(
            400, b'{"error": true, "reason": "No data"}', SourceRefusedError, id="rejected"
        ),
        pytest.param(503, b"", SourceUnavailableError, id="out of order"),
    ],
)
def test_what_goes_wrong_is_raised_by_name(connect, httpserver, status, body, kind):
    httpserver.expect_request(FORECAST_PATH).respond_with_data(body, status=status)

    with pytest.raises(kind):
        connect().fetch_past(SPOT, now=NOW)


def test_a_past_weighs_as_many_days_of_nine_variables():
    assert pytest.approx(9 / 10 * 92 / 14) == PAST_WEIGHT


def test_half_of_the_allowance_is_left_to_the_running_hours(connect, httpserver: HTTPServer):
    httpserver.expect_request(FORECAST_PATH).respond_with_data(make_past())
    source = connect()
    for _ in range(int(FREE_LIMITS[MINUTE] / 2 / PAST_WEIGHT)):
        source.fetch_past(SPOT, now=NOW)

    with pytest.raises(SourceUnavailableError) as caught:
        source.fetch_past(SPOT, now=NOW)

    assert caught.value.retry_at == NOW + timedelta(minutes=1)
    assert isinstance(source.fetch([SPOT], now=NOW)[1], PlaceWeather)


def test_a_failed_one_weighs_one(connect, httpserver: HTTPServer):
    httpserver.expect_request(FORECAST_PATH).respond_with_data("", status=503)
    source = connect()

    for _ in range(100):  # 591, had they been answered
        with pytest.raises(SourceUnavailableError, match="503"):
            source.fetch_past(SPOT, now=NOW)


def test_after_429_nothing_is_asked(connect, httpserver: HTTPServer):
    reason = json.dumps({"error": True, "reason": "Hourly API request limit exceeded."})
    httpserver.expect_request(FORECAST_PATH).respond_with_data(reason, status=429)
    source = connect()
    for _ in range(2):
        with pytest.raises(SourceUnavailableError):
            source.fetch_past(SPOT, now=NOW)

    assert len(httpserver.log) == 1
