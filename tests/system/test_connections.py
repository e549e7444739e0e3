"""How many connections the whole formation holds, on a real Redis server and a real PostgreSQL.

The smallest plans allow 20, and at a deploy old and new processes overlap: so at most 10 each.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
import redis

from tests.postgres import start_postgres, trust_the_disk
from tests.settings import FOLDER
from tests.system.night_before import begin_before_it
from tests.system.site import Site, wait_for
from weatherapp.operations.local.redis_server import RedisServer

MOST = 10
LOOK_EVERY_S = 0.02
TRACE = "a-readers-request-0001"
PLAYED_HOURS = 6


class Watch:
    """Asks again and again for a count, and remembers the largest."""

    def __init__(self, count: Callable[[], int]) -> None:
        self.count = count
        self.most = 0
        self.over = Event()
        self.thread = Thread(target=self.look, daemon=True)
        self.thread.start()

    def look(self) -> None:
        while not self.over.wait(LOOK_EVERY_S):
            self.most = max(self.most, self.count())

    def end(self) -> int:
        self.over.set()
        self.thread.join()
        return self.most


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory):
    with RedisServer(tmp_path_factory.mktemp("redis") / "log") as server:
        yield server


@pytest.fixture(scope="module")
def database_url():
    # Not pytest's folder: the server runs as a user of its own, who may not look into it.
    url = start_postgres(FOLDER / "connections")
    trust_the_disk(url)
    return url


@pytest.fixture(scope="module")
def site(tmp_path_factory, redis_server, database_url):
    """The formation after some hours of its demo, which a process besides it has played."""
    site = Site(
        tmp_path_factory.mktemp("site"),
        REDIS_URL=redis_server.url,
        DATABASE_URL=database_url,
        LOG_FORMAT="json",
        PREDICT_NOW_BURST="1000",
    )
    begin_before_it(site, PLAYED_HOURS)
    with site.running("demo"):
        wait_for(
            "worker and predictor are ready",
            lambda: site.log_path.read_text().count(" ready.") >= 2,
        )
        site.command("play_scene")
        yield site


def ask_for_prediction(site: Site, place_id: int) -> int:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=30)
    with closing(connection):
        connection.request(
            "POST", f"/api/v1/places/{place_id}/predictions", headers={"X-Request-ID": TRACE}
        )
        return connection.getresponse().status


def forget_predictions(database_url: str) -> None:
    """So that each hour may be asked for again."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "TRUNCATE weatherapp_predictionrequest, weatherapp_prediction, weatherapp_alert, "
            "weatherapp_rule CASCADE"
        )


def work_hard(site: Site, database_url: str) -> None:
    """Readers on all pages, requests of people, ticks of the clock."""
    paths = ["/", "/places/1/", "/health", "/queue-status", "/admin/login/"] * 20
    with ThreadPoolExecutor(8) as readers:
        pages = [readers.submit(site.status, path) for path in paths]
        asked = [readers.submit(ask_for_prediction, site, number % 3 + 1) for number in range(9)]
    assert {answer.result() for answer in asked} == {202}
    assert {page.result() for page in pages} == {200}
    with psycopg.connect(database_url, autocommit=True) as connection:
        wait_for(
            "the requests are answered",
            lambda: (
                connection.execute("SELECT count(*) FROM weatherapp_prediction").fetchone()[0] >= 3
            ),
        )
    seen = site.log_path.read_text().count("refresh_due_places")
    wait_for(
        "the clock ticks", lambda: site.log_path.read_text().count("refresh_due_places") > seen
    )


def test_the_formation_holds_few_connections(site, redis_server, database_url, capsys):
    forget_predictions(database_url)
    with (
        redis.Redis(port=redis_server.port) as observer,
        psycopg.connect(database_url, autocommit=True) as database,
    ):
        to_redis = Watch(lambda: len(observer.client_list()) - 1)
        to_postgres = Watch(lambda: count_backends(database))
        work_hard(site, database_url)
        held = len(observer.client_list()) - 1
        most = {"Redis": to_redis.end(), "PostgreSQL": to_postgres.end()}

    with capsys.disabled():
        sys.stdout.write(f"\n  connections, most at once: {most}; held to Redis: {held}\n")
    assert 5 <= held <= MOST
    assert most["Redis"] <= MOST
    assert 2 <= most["PostgreSQL"] <= MOST


def count_backends(database: psycopg.Connection) -> int:
    """Those of the site: not this one, nor the one that waits for the answers."""
    (count,) = database.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
        "AND pid <> pg_backend_pid()"
    ).fetchone()
    return int(count)


def test_one_id_leads_through_web_predictor_and_worker(site):
    """After the test above, in which a reader asked with an id."""
    lines = [
        json.loads(match[0])
        for match in re.finditer(r"\{\"time\".*\}$", Path(site.log_path).read_text(), re.M)
    ]
    touched = {line["process_type"] for line in lines if line.get("trace_id") == TRACE}

    assert {"web", "predictor", "worker"} <= touched
