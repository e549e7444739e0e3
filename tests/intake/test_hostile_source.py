"""A source that is slow, loud or rude: its places say so, and nothing else suffers."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event
from time import monotonic

import pytest
from billiard.pool import soft_timeout_sighandler
from pytest_httpserver import HTTPServer
from werkzeug import Response

from tests.factories import NOON, make_place
from tests.intake.bodies import make_spots
from tests.intake.conftest import FORECAST_PATH, QUICK
from tests.net.servers import drip, serve
from weatherapp.intake import sources
from weatherapp.intake.open_meteo import OpenMeteo
from weatherapp.intake.refresh import refresh
from weatherapp.intake.source import SourceUnavailableError

NOW = NOON + timedelta(minutes=7)
LOUD = (
    "quota\n2026-01-01 12:00:00,000 ERROR worker[1] weatherapp: forged\r\n\x1b[31m"
    + "x" * 3_900_000
)


@pytest.fixture
def source_at(monkeypatch: pytest.MonkeyPatch) -> Iterator:
    """Makes the site's Open-Meteo the server at a URL."""
    made: list[OpenMeteo] = []

    def put(url: str, **options) -> None:
        made.append(OpenMeteo(url=url, **options))
        monkeypatch.setattr("weatherapp.intake.find_source", lambda _: made[-1])

    yield put
    sources.find_source.cache_clear()
    for source in made:
        source.close()


def make_claimed_place():
    return make_place(source="open_meteo", next_refresh_at=NOW, claimed_until=NOW)


@pytest.mark.django_db
def test_a_source_that_drips_its_header_is_given_up_on_and_recorded(source_at):
    place = make_claimed_place()
    started_s = monotonic()

    with serve(drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")) as url:
        source_at(url, bounds=replace(QUICK, total_s=0.3))
        assert refresh([place.pk], now=NOW) == []

    place.refresh_from_db()
    assert (place.fetch_failed_at, place.fetch_failures, place.claimed_until) == (NOW, 1, None)
    assert "no whole answer in time" in place.fetch_error
    assert monotonic() - started_s < 30


@pytest.mark.django_db
def test_what_celerys_time_limit_cuts_off_is_recorded(source_at):
    """As in a worker's child: the limit is a signal, in the middle of whatever goes on."""
    place = make_claimed_place()

    def stay_silent(_: socket.socket, over: Event) -> None:
        over.wait(60)

    before = signal.signal(signal.SIGALRM, soft_timeout_sighandler)
    try:
        with serve(stay_silent) as url:
            source_at(url, bounds=replace(QUICK, silence_s=60, total_s=60))
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            assert refresh([place.pk], now=NOW) == []
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    place.refresh_from_db()
    assert (place.fetch_failed_at, place.claimed_until) == (NOW, None)
    assert place.fetch_error == "The source took longer than a whole task may."
    assert place.next_refresh_at == NOW + timedelta(minutes=1)


def test_when_patience_ends_the_rest_is_not_asked(connect, httpserver: HTTPServer):
    httpserver.expect_request(FORECAST_PATH).respond_with_json({"error": True}, status=400)

    outcomes = connect(patience_s=0.0).fetch(make_spots(10), now=NOW)

    assert {type(outcome) for outcome in outcomes.values()} == {SourceUnavailableError}
    assert len(outcomes) == 10
    assert httpserver.log == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(400, {"error": True, "reason": LOUD}, id="rejected"),
        pytest.param(429, {"error": True, "reason": LOUD}, id="too many requests"),
        pytest.param(500, {"error": True, "reason": LOUD}, id="out of order"),
        pytest.param(200, {"error": True, "reason": LOUD}, id="an error that says 200"),
        pytest.param(200, {"error": True, "reason": [LOUD]}, id="a reason that is no text"),
        pytest.param(
            200,
            {"hourly": {"time": []}, "hourly_units": {"time": LOUD, "temperature_2m": LOUD}},
            id="units",
        ),
    ],
)
def test_what_a_source_says_is_one_short_line(source_at, httpserver, caplog, status, body):
    place = make_claimed_place()
    httpserver.expect_request(FORECAST_PATH).respond_with_data(
        json.dumps(body), status=status, content_type="application/json"
    )
    source_at(httpserver.url_for(""), bounds=replace(QUICK, body_bytes=20_000_000))

    refresh([place.pk], now=NOW)

    place.refresh_from_db()
    assert 0 < len(place.fetch_error) <= 400
    assert place.fetch_error.isprintable()
    (line,) = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]
    assert len(line) < 600
    assert line.isprintable()


@pytest.mark.parametrize(
    ("status", "wish", "retry_at"),
    [
        pytest.param(429, "600", NOW + timedelta(minutes=10), id="429, ten minutes"),
        pytest.param(429, "5", NOW + timedelta(minutes=1), id="429, before its minute ends"),
        pytest.param(429, "9999999", NOW + timedelta(days=1), id="429, for ever"),
        pytest.param(429, "soon", NOW + timedelta(minutes=1), id="429, no time"),
        pytest.param(503, "600", NOW + timedelta(minutes=10), id="503, ten minutes"),
        pytest.param(
            503, "Thu, 01 Jan 2026 12:17:00 GMT", NOW + timedelta(minutes=10), id="503, a date"
        ),
        pytest.param(503, "9999999", NOW + timedelta(hours=1), id="503, for ever"),
        pytest.param(503, "-1", None, id="503, no time"),
    ],
)
def test_a_source_that_wants_to_be_left_alone_is(connect, httpserver, status, wish, retry_at):
    httpserver.expect_request(FORECAST_PATH).respond_with_handler(
        lambda _: Response("{}", status, {"Retry-After": wish})
    )
    source = connect()

    outcome = source.fetch(make_spots(1), now=NOW)[1]
    again = source.fetch(make_spots(1), now=NOW + timedelta(seconds=1))[1]

    assert isinstance(outcome, SourceUnavailableError)
    assert outcome.retry_at == again.retry_at == retry_at
    assert len(httpserver.log) == (2 if retry_at is None else 1)
