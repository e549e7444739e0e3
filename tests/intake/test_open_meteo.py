"""Open-Meteo over real HTTP."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.factories import NOON
from tests.intake.bodies import make_body, make_item, make_items, make_spots
from tests.intake.conftest import FORECAST_PATH
from weatherapp.intake.open_meteo import QUESTIONS_PER_BATCH
from weatherapp.intake.source import (
    PlaceWeather,
    SourceGarbledError,
    SourceRefusedError,
    SourceUnavailableError,
)

NOW = NOON + timedelta(minutes=7)
REASON_400 = "Latitude must be in range of -90 to 90°. Given: 200.0."


def refuse(reason: str, status: int) -> Response:
    return Response(json.dumps({"error": True, "reason": reason}), status, mimetype="text/json")


def answer_all_but(bad_latitudes: set[str]):
    """A server that rejects a whole request for one bad place, as the real one does."""

    def answer(request: Request) -> Response:
        latitudes = request.args["latitude"].split(",")
        if bad_latitudes & set(latitudes):
            return refuse(REASON_400, 400)
        return Response(make_body(*make_items(len(latitudes), now=NOW)))

    return answer


def test_one_place_gets_its_past_day_and_two_days_ahead(connect, httpserver: HTTPServer):
    httpserver.expect_request(FORECAST_PATH).respond_with_data(make_body(make_item(now=NOW)))

    weather = connect().fetch(make_spots(1), now=NOW)[1]

    assert isinstance(weather, PlaceWeather)
    assert weather.hour_at == NOON
    assert [hour.at for hour in weather.readings] == [
        NOON - timedelta(hours=age) for age in reversed(range(24))
    ]
    assert [hour.at for hour in weather.forecast] == [
        NOON + timedelta(hours=lead) for lead in range(1, 49)
    ]
    assert weather.readings[-1].values["precipitation_mm"] == 0.3
    assert weather.forecast[0].values["precipitation_probability"] == 0.65
    assert weather.forecast[0].values["weather_code"] == 61


def test_the_request_asks_for_utc_and_metric_units(connect, httpserver: HTTPServer):
    httpserver.expect_request(FORECAST_PATH).respond_with_data(make_body(*make_items(2, now=NOW)))

    connect(user_agent="weatheralert (+https://example.org)").fetch(make_spots(2), now=NOW)

    ((request, _),) = httpserver.log
    assert request.args["latitude"] == "10.0000,11.0000"
    assert request.args["longitude"] == "5.0000,5.0000"
    assert request.args["timezone"] == "GMT"
    assert request.args["wind_speed_unit"] == "ms"
    assert request.headers["User-Agent"] == "weatheralert (+https://example.org)"
    assert "apikey" not in request.args


def test_an_api_key_is_sent_and_kept_out_of_the_log(connect, httpserver: HTTPServer, caplog):
    caplog.set_level("INFO")
    httpserver.expect_request(FORECAST_PATH, query_string=None).respond_with_data(
        make_body(make_item(now=NOW))
    )

    connect(api_key="sesame").fetch(make_spots(1), now=NOW)

    ((request, _),) = httpserver.log
    assert request.args["apikey"] == "sesame"
    ours = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]
    assert not any("sesame" in message for message in ours)


def test_each_place_gets_its_own_answer(connect, httpserver: HTTPServer):
    httpserver.expect_request(FORECAST_PATH).respond_with_handler(answer_all_but(set()))

    outcomes = connect().fetch(make_spots(3), now=NOW)

    assert [outcomes[key].readings[-1].values["temperature_c"] for key in (1, 2, 3)] == [
        0.0,
        1.0,
        2.0,
    ]


def test_more_than_a_hundred_places_are_asked_in_several_requests(connect, httpserver):
    httpserver.expect_request(FORECAST_PATH).respond_with_handler(answer_all_but(set()))

    outcomes = connect().fetch(make_spots(130), now=NOW)

    assert all(isinstance(outcome, PlaceWeather) for outcome in outcomes.values())
    asked = [len(request.args["latitude"].split(",")) for request, _ in httpserver.log]
    assert (len(outcomes), asked) == (130, [100, 30])


@pytest.mark.parametrize("count", [1, 2, 33, 60])
def test_one_rejected_place_does_not_lose_the_others(connect, httpserver: HTTPServer, count):
    httpserver.expect_request(FORECAST_PATH).respond_with_handler(answer_all_but({"10.0000"}))

    outcomes = connect().fetch(make_spots(count), now=NOW)

    refused = [key for key, outcome in outcomes.items() if isinstance(outcome, SourceRefusedError)]
    assert refused == [1]
    assert REASON_400 in str(outcomes[1])
    assert len(outcomes) == count


def test_when_all_are_rejected_the_questions_end(connect, httpserver: HTTPServer):
    httpserver.expect_request(FORECAST_PATH).respond_with_handler(
        lambda request: refuse("Cannot initialize SurfaceVariable from invalid String value", 400)
    )

    outcomes = connect().fetch(make_spots(100), now=NOW)

    assert all(isinstance(outcome, SourceRefusedError) for outcome in outcomes.values())
    assert len(outcomes) == 100
    assert len(httpserver.log) < QUESTIONS_PER_BATCH + 10


def test_when_the_server_fails_half_way_the_rest_is_not_asked(connect, httpserver: HTTPServer):
    httpserver.expect_ordered_request(FORECAST_PATH).respond_with_handler(
        lambda _: refuse(REASON_400, 400)
    )
    httpserver.expect_ordered_request(FORECAST_PATH).respond_with_data("", status=503)

    outcomes = connect().fetch(make_spots(10), now=NOW)

    assert {type(outcome) for outcome in outcomes.values()} == {SourceUnavailableError}
    assert len(outcomes) == 10
    assert len(httpserver.log) == 2


def test_a_place_without_numbers_for_the_past_day_is_garbled(connect, httpserver: HTTPServer):
    stale = make_item(now=NOW - timedelta(days=30))
    httpserver.expect_request(FORECAST_PATH).respond_with_data(make_body(stale))

    outcome = connect().fetch(make_spots(1), now=NOW)[1]

    assert isinstance(outcome, SourceGarbledError)
    assert "past 24 hours" in str(outcome)


def test_hours_of_which_nothing_is_known_are_left_out(connect, httpserver: HTTPServer):
    item = make_item(now=NOW)
    for name in item["hourly_units"].keys() - {"time"}:
        item["hourly"][name][25] = None  # the running hour
    httpserver.expect_request(FORECAST_PATH).respond_with_data(make_body(item))

    weather = connect().fetch(make_spots(1), now=NOW)[1]

    assert isinstance(weather, PlaceWeather)
    assert weather.readings[-1].at == NOON - timedelta(hours=1)


def test_a_cut_off_answer_garbles_all_its_places(connect, httpserver: HTTPServer):
    body = make_body(*make_items(2, now=NOW))
    httpserver.expect_request(FORECAST_PATH).respond_with_data(body[: len(body) // 2])

    outcomes = connect().fetch(make_spots(2), now=NOW)

    assert [type(outcome) for outcome in outcomes.values()] == [SourceGarbledError] * 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        pytest.param(204, SourceGarbledError, id="nothing there"),
        pytest.param(401, SourceRefusedError, id="API key required"),
        pytest.param(403, SourceRefusedError, id="plan too small"),
        pytest.param(404, SourceRefusedError, id="wrong address"),
        pytest.param(408, SourceUnavailableError, id="request timeout"),
        pytest.param(500, SourceUnavailableError, id="internal error"),
        pytest.param(503, SourceUnavailableError, id="overloaded"),
    ],
)
def test_a_status_has_a_named_error(connect, httpserver: HTTPServer, status, kind):
    httpserver.expect_request(FORECAST_PATH).respond_with_json(
        {"error": True, "reason": "The service is overloaded"}, status=status
    )

    outcome = connect().fetch(make_spots(1), now=NOW)[1]

    assert type(outcome) is kind
    assert str(status) in str(outcome)


def test_a_redirect_is_refused_and_not_followed(connect, httpserver: HTTPServer):
    elsewhere = httpserver.url_for("/elsewhere")
    httpserver.expect_request(FORECAST_PATH).respond_with_data(
        "", status=302, headers={"Location": elsewhere}
    )

    outcome = connect().fetch(make_spots(1), now=NOW)[1]

    assert isinstance(outcome, SourceRefusedError)
    assert [request.path for request, _ in httpserver.log] == [FORECAST_PATH]


@pytest.mark.parametrize(
    ("reason", "wait"),
    [
        ("Minutely API request limit exceeded. Please try again in one minute.", "12:08"),
        ("Hourly API request limit exceeded. Please try again in the next hour.", "13:00"),
        ("Daily API request limit exceeded. Please try again tomorrow.", "00:00"),
        ("Too many concurrent requests", "12:08"),
        ("", "12:08"),
    ],
)
def test_after_429_it_waits_as_the_reason_says(connect, httpserver: HTTPServer, reason, wait):
    httpserver.expect_request(FORECAST_PATH).respond_with_handler(lambda _: refuse(reason, 429))
    source = connect()

    outcome = source.fetch(make_spots(1), now=NOW)[1]
    again = source.fetch(make_spots(1), now=NOW + timedelta(seconds=1))[1]

    assert isinstance(outcome, SourceUnavailableError)
    assert outcome.retry_at is not None
    assert f"{outcome.retry_at:%H:%M}" == wait
    assert isinstance(again, SourceUnavailableError)
    assert again.retry_at == outcome.retry_at
    assert len(httpserver.log) == 1, "a closed source is not asked: refused calls are charged too"


def test_after_the_wait_it_asks_again(connect, httpserver: HTTPServer):
    httpserver.expect_ordered_request(FORECAST_PATH).respond_with_json({"error": True}, status=429)
    httpserver.expect_ordered_request(FORECAST_PATH).respond_with_data(
        make_body(make_item(now=NOW))
    )
    source = connect()
    refused = source.fetch(make_spots(1), now=NOW)[1]

    outcome = source.fetch(make_spots(1), now=refused.retry_at)[1]

    assert isinstance(outcome, PlaceWeather)


def test_the_seventh_hundred_of_a_minute_waits_for_the_next(connect, httpserver: HTTPServer):
    httpserver.expect_request(FORECAST_PATH).respond_with_handler(answer_all_but(set()))
    source = connect()

    outcomes = source.fetch(make_spots(700), now=NOW)

    late = [outcome for outcome in outcomes.values() if isinstance(outcome, SourceUnavailableError)]
    assert len(late) == 100
    assert {outcome.retry_at for outcome in late} == {NOW + timedelta(minutes=1)}
    assert len(httpserver.log) == 6


def test_failed_requests_weigh_one(connect, httpserver: HTTPServer):
    httpserver.expect_request(FORECAST_PATH).respond_with_data("", status=503)
    source = connect()

    for _ in range(8):  # 800 places, had they been answered
        outcomes = source.fetch(make_spots(100), now=NOW)

    assert "503" in str(outcomes[1])
    assert len(httpserver.log) == 8
