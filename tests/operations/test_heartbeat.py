"""The dead man's switch, with real servers in the place of the operator's."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

import pytest
from django.utils import timezone
from pytest_httpserver import HTTPServer

from tests.factories import make_place, make_request
from tests.net.servers import drip, say, serve
from weatherapp import tasks
from weatherapp.health import heartbeat, texts
from weatherapp.health.checks_of_work import check_work
from weatherapp.health.facts import read_work
from weatherapp.health.heartbeat import HeartbeatRefusedError
from weatherapp.models import TickRun
from weatherapp.net.errors import TooLargeError, TooSlowError, UnreachableError

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n"


@pytest.fixture
def address(httpserver: HTTPServer, settings) -> HTTPServer:
    """What the operator's service gave; it answers with yes."""
    httpserver.expect_request("/ping/1f2e", method="GET").respond_with_data("OK")
    settings.HEARTBEAT_URL = httpserver.url_for("/ping/1f2e")
    return httpserver


@pytest.fixture
def _impatient(monkeypatch):
    monkeypatch.setattr(heartbeat, "SILENCE_S", 0.5)
    monkeypatch.setattr(heartbeat, "TOTAL_S", 1.0)


def ago(minutes: float):
    return timezone.now() - minutes * MINUTE


def do_ticks(*, minutes_ago: float = 0.5) -> None:
    """As the worker left it."""
    at = ago(minutes_ago)
    TickRun.objects.create(name="refresh_due_places", every_s=60, started_at=at, finished_at=at)


def read_texts() -> list[str]:
    return [texts.describe(finding) for finding in check_work(read_work(timezone.now()))]


def test_a_good_cycle_is_told_to_the_address(address):
    do_ticks()
    make_place(next_refresh_at=ago(-30), fetched_at=ago(20))

    tasks.ping_heartbeat()

    ((request, _),) = address.log
    assert (request.path, request.headers["User-Agent"]) == ("/ping/1f2e", heartbeat.USER_AGENT)
    assert TickRun.objects.get(pk=heartbeat.TICK).finished_at is not None


def test_a_site_without_places_is_well(address):
    tasks.ping_heartbeat()

    assert len(address.log) == 1


@pytest.mark.parametrize(
    "leave_undone",
    [
        pytest.param(lambda: make_place(next_refresh_at=ago(40)), id="a place is overdue"),
        pytest.param(lambda: do_ticks(minutes_ago=8), id="a frozen worker that wakes"),
        pytest.param(
            lambda: make_request(make_place(), created_at=ago(9), expires_at=ago(-51)),
            id="the predictor does not answer",
        ),
    ],
)
def test_where_work_is_left_undone_the_address_hears_nothing(address, leave_undone):
    leave_undone()

    tasks.ping_heartbeat()

    assert address.log == []


def test_without_an_address_nobody_is_asked(httpserver, settings):
    settings.HEARTBEAT_URL = ""

    tasks.ping_heartbeat()

    assert httpserver.log == []


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    ("talk", "error"),
    [
        pytest.param(drip(b""), TooSlowError, id="a header that drips"),
        pytest.param(drip(HEAD + b"\r\n"), TooSlowError, id="a body that drips"),
        pytest.param(say(b"", every_s=30), TooSlowError, id="silence"),
        pytest.param(say(HEAD + b"\r\n" + b"x" * 200_000, every_s=30), TooLargeError, id="a flood"),
        pytest.param(say(), UnreachableError, id="it hangs up"),
        pytest.param(
            say(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"), HeartbeatRefusedError, id="a no"
        ),
    ],
)
def test_an_address_in_trouble_is_told_of_and_holds_nobody_up(settings, talk, error):
    with serve(talk) as url:
        settings.HEARTBEAT_URL = url
        began_s = monotonic()
        with pytest.raises(error):
            tasks.ping_heartbeat()
        took_s = monotonic() - began_s

    assert took_s < 20  # a hundred times as fast as without a bound
    assert read_texts() == [
        f"“ping_heartbeat” failed the last time it was tried ({error.__name__})."
    ]


def test_after_a_failure_the_next_cycle_is_told_again_and_the_failure_is_over(address):
    failed_at = ago(600)
    TickRun.objects.create(
        name=heartbeat.TICK, every_s=60, started_at=failed_at, failed_at=failed_at,
        finished_at=failed_at, error="TooSlowError",
    )  # fmt: skip

    tasks.ping_heartbeat()

    assert len(address.log) == 1
    assert read_texts() == []
