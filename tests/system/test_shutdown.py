"""SIGTERM to every process at once, as Heroku sends it: all end in time, and nothing is lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event

import psutil
import pytest
from celery import Celery
from werkzeug import Request, Response

from dyno.broker import configure
from tests.intake.bodies import make_body, make_item
from tests.system.night_before import begin_before_it
from tests.system.site import Site, wait_for
from weatherapp.operations.local.redis_server import RedisServer

# Claimed: no tick of the clock fetches it, so that only the task that was cut short can.
MAKE_PLACE = """
from datetime import timedelta
from django.utils import timezone
from weatherapp.models import Place, SourceName
Place.objects.create(name="Dublin", latitude=53.34, longitude=-6.27, time_zone="Europe/Dublin",
    source=SourceName.OPEN_METEO, claimed_until=timezone.now() + timedelta(hours=1))
"""


class SlowWeather:
    """A weather server whose first answer waits until the test lets it go."""

    def __init__(self) -> None:
        self.is_asked = Event()
        self.may_answer = Event()
        self.questions = 0

    def answer(self, request: Request) -> Response:
        # The days before come in a minute's tick, which may fall into the test or not.
        self.questions += "past_hours" in request.args
        self.is_asked.set()
        self.may_answer.wait(120)
        return Response(make_body(make_item(now=datetime.now(UTC))), mimetype="application/json")


@pytest.fixture
def weather(httpserver) -> Iterator[SlowWeather]:
    slow = SlowWeather()
    httpserver.expect_request("/v1/forecast").respond_with_handler(slow.answer)
    yield slow
    slow.may_answer.set()


@pytest.fixture
def redis_server(tmp_path) -> Iterator[RedisServer]:
    """It lives on while the site is down, as a platform's does."""
    with RedisServer(tmp_path / "redis.log") as server:
        yield server


def send_to_worker(redis_server: RedisServer, task: str, **arguments: object) -> None:
    app = configure(Celery("asker", fixups=[], set_as_current=False))
    app.conf.broker_url = redis_server.url
    app.send_task(f"weatherapp.tasks.{task}", kwargs=arguments, queue="default")
    app.close()


def count(site: Site, table: str) -> int:
    return int(site.query(f"SELECT count(*) FROM weatherapp_{table}")[0][0])  # noqa: S608


def assert_stops_in_time(site: Site) -> None:
    """The runner kills what is left after 25 s, and says so."""
    assert site.stop() == 0
    assert "SIGKILL" not in site.log_path.read_text(), site.log_tail()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a parent's death")
def test_nothing_outlives_a_runner_that_is_killed_and_the_next_one_can_start(tmp_path):
    site = Site(tmp_path)
    with site.running():
        wait_for("worker and predictor are ready", lambda: site.ready() >= 2)
        family = psutil.Process(site.process.pid).children(recursive=True)
        assert len(family) > len(site.processes())

        site.process.kill()
        site.process.wait()

        wait_for("all are gone", lambda: not any(map(is_alive, family)), 60)
        site.start()
    assert site.process.returncode == 0


def is_alive(process: psutil.Process) -> bool:
    """Where nobody collects what has ended, it stays as a zombie."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def test_a_task_that_is_cut_short_is_done_again(tmp_path, weather, redis_server, httpserver):
    site = Site(
        tmp_path,
        REDIS_URL=redis_server.url,
        WEATHER_SOURCE="open_meteo",
        OPEN_METEO_URL=httpserver.url_for(""),
    )
    with site.running("demo"):
        wait_for("worker and predictor are ready", lambda: site.ready() >= 2)
        site.command("shell", "--no-imports", "-c", MAKE_PLACE)
        send_to_worker(redis_server, "refresh_places", place_ids=[1])
        assert weather.is_asked.wait(60)

        assert_stops_in_time(site)

        assert count(site, "reading") == 0
        weather.may_answer.set()
        site.start("demo")
        wait_for("the weather is there", lambda: count(site, "reading"))
        wait_for("its prediction, too", lambda: count(site, "prediction"))
        assert weather.questions == 2
        assert count(site, "prediction") == count(site, "predictionrequest") == 1


def test_a_site_that_is_stopped_in_the_middle_of_its_work_goes_on_and_loses_nothing(
    tmp_path, redis_server
):
    site = Site(tmp_path, REDIS_URL=redis_server.url)
    begin_before_it(site)
    with site.running():
        wait_for("some hours are predicted", lambda: count(site, "prediction") > 5)

        assert_stops_in_time(site)

        site.start()
        site.wait_for_demo()
    states = site.query("SELECT state, count(*) FROM weatherapp_predictionrequest GROUP BY state")
    ((answers, requests),) = site.query(
        "SELECT count(*), count(DISTINCT request_id) FROM weatherapp_prediction"
    )
    assert states == [("ANSWERED", requests)]
    assert answers == requests
