"""Requests survive whatever dies: web, worker, predictor, and a Redis that forgets everything."""

from __future__ import annotations

import json
import urllib.request
from datetime import timedelta

import pytest
import redis

from predictor.contract import PEOPLE_QUEUE, SCHEDULE_QUEUE
from tests.system.night_before import begin_before_it
from tests.system.site import Site, predictor_beside, wait_for
from tests.system.test_predictor_dies import kill_group, let_time_pass, states
from tests.system.ticks import Ticks
from weatherapp.operations.local.redis_server import RedisServer

TWO_HOURS = timedelta(hours=2)
PLAYED_HOURS = 12


@pytest.fixture
def redis_server(tmp_path):
    with RedisServer(tmp_path / "redis.log") as server:
        yield server


@pytest.fixture
def site(tmp_path, redis_server):
    """Half a day is played; then an hour that nobody answers, because no predictor is left."""
    site = Site(tmp_path, REDIS_URL=redis_server.url)
    begin_before_it(site, PLAYED_HOURS)
    with site.running("predictor"):
        with predictor_beside(site) as predictor:
            site.wait_for_demo()
            kill_group(predictor)
        let_time_pass(site, TWO_HOURS)
        wait_for("every place waits", lambda: len(waiting(site)) == 3)
        yield site


def waiting(site):
    return site.query("SELECT id FROM weatherapp_predictionrequest WHERE state = 'WAITING'")


def post(site, path):
    url = f"http://127.0.0.1:{site.port}{path}"
    with urllib.request.urlopen(url, data=b"", timeout=20) as answer:
        assert answer.status in (200, 202)
        return json.loads(answer.read())


def look(site, told):
    return json.loads(site.page(f"/api/v1/predictions/{told['id']}"))


def lengths(server):
    with redis.Redis.from_url(server.url) as client:
        return {queue: client.llen(queue) for queue in (PEOPLE_QUEUE, SCHEDULE_QUEUE)}


def forget_everything(server):
    """Redis is killed, and starts again at the same address with nothing."""
    server.process.kill()
    server.process.wait()
    server.start()


def let_requests_be_missed(site):
    """As if the minute had passed after which a request that nobody answered is sent again."""
    site.query(
        "UPDATE weatherapp_predictionrequest SET sent_at = datetime(sent_at, '-2 minutes') "
        "WHERE state = 'WAITING'"
    )


def check_readers_are_served(site, asked):
    """Nobody predicts, and no page waits for it."""
    figures = json.loads(site.page("/queue-status"))

    assert figures["queue_size"] == 3
    assert figures["waiting"] == {"people": 2, "schedule": 1}
    assert figures["suggested_predictors"] >= 1
    assert "In the queue" in site.page(f"/predictions/{asked['id']}/")
    assert site.status("/") == site.status("/health") == 200


def test_nothing_is_lost_nor_answered_twice(site, redis_server):
    asked = post(site, "/api/v1/places/1/predictions")
    cancelled = post(site, "/api/v1/places/2/predictions")
    post(site, f"/api/v1/predictions/{cancelled['id']}/cancel")
    assert (asked["state"], asked["position"]) == ("WAITING", 1)
    check_readers_are_served(site, asked)
    assert lengths(redis_server) == {PEOPLE_QUEUE: 2, SCHEDULE_QUEUE: 1}

    for name in ("web", "worker"):
        for process in site.processes()[name]:
            process.kill()
    wait_for("the site answers again", lambda: site.status("/health") == 200)
    forget_everything(redis_server)
    let_requests_be_missed(site)
    Ticks(redis_server.url).send("top_up_predictor")

    with predictor_beside(site):
        wait_for("all are answered", lambda: waiting(site) == [])
        told, left = look(site, asked), look(site, cancelled)

    assert states(site, "predictionrequest") == {"ANSWERED"}
    assert (told["state"], left["state"]) == ("ANSWERED", "CANCELLED")
    assert told["result"]["model_name"] == "rain_mini"
    assert left["result"] is None
    ((answers, requests),) = site.query(
        "SELECT count(*), count(DISTINCT request_id) FROM weatherapp_prediction"
    )
    assert answers == requests
