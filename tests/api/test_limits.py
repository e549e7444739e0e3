"""How often a client may ask, over all processes together; and what happens without Redis."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis as redis_py

from tests.factories import NOON, make_place
from weatherapp.api import limits
from weatherapp.api.limits import Counter
from weatherapp.operations.local.redis_server import RedisServer

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with RedisServer(tmp_path_factory.mktemp("redis") / "redis.log") as server:
        yield server


@pytest.fixture
def connect(server):
    """Makes a client of its own, as each process has one."""
    clients = []

    def make():
        clients.append(redis_py.Redis.from_url(server.url))
        return clients[-1]

    make().flushall()
    yield make
    for client in clients:
        client.close()


def test_each_answer_says_what_is_left(program, settings, clock):
    settings.API_REQUESTS_A_MINUTE = 3
    clock(NOON + timedelta(seconds=20))

    responses = [program.get("/places") for _ in range(4)]

    assert [one.status_code for one in responses] == [200, 200, 200, 429]
    assert [one["RateLimit"] for one in responses] == [
        '"minute";r=2;t=40',
        '"minute";r=1;t=40',
        '"minute";r=0;t=40',
        '"minute";r=0;t=40',
    ]
    assert {one["RateLimit-Policy"] for one in responses} == {'"minute";q=3;w=60'}
    assert responses[-1]["Retry-After"] == "40"
    assert responses[-1].json()["code"] == "too_many_requests"


def test_the_next_minute_begins_anew(program, settings, clock):
    settings.API_REQUESTS_A_MINUTE = 1
    assert [program.get("/places").status_code for _ in range(2)] == [200, 429]

    clock(NOON + timedelta(seconds=60))

    assert program.get("/places").status_code == 200


def test_errors_count_as_well(program, settings):
    settings.API_REQUESTS_A_MINUTE = 3

    statuses = [
        program.get(path).status_code
        for path in ("/places/999", "/places?x", "/places/1", "/places")
    ]

    assert statuses == [404, 400, 404, 429]


def test_who_guesses_keys_is_one_client(program, settings):
    settings.API_REQUESTS_A_MINUTE = 2

    statuses = [
        program.get("/places", Authorization=f"Bearer wk_{n}").status_code for n in range(3)
    ]

    assert statuses == [401, 401, 429]


def test_a_key_may_ask_ten_times_as_often_and_is_counted_apart(program, make_program, settings):
    settings.API_REQUESTS_A_MINUTE = 1
    with_key = make_program()

    assert [program.get("/places").status_code for _ in range(2)] == [200, 429]
    assert [with_key.get("/places").status_code for _ in range(11)] == [200] * 10 + [429]


def test_two_processes_count_together(connect):
    one, other = Counter(connect), Counter(connect)

    assert [one.count("a"), other.count("a"), one.count("b"), other.count("a")] == [1, 2, 1, 3]


def test_what_is_counted_does_not_stay(connect):
    Counter(connect).count("a")

    assert 0 < connect().ttl("a") <= limits.KEPT_S


def test_a_site_with_redis_counts_there(connect, program, monkeypatch):
    monkeypatch.setattr(limits, "counter", Counter(connect))
    make_place()

    program.get("/places")

    (name,) = connect().keys()
    assert name.startswith(b"api:")
    assert b"127.0.0.1" not in name  # no address is stored


def test_without_redis_each_process_counts_for_itself_and_does_not_ask_each_time():
    asked = []

    def refuse():
        asked.append(1)
        raise redis_py.ConnectionError("no")

    counter = Counter(refuse)

    assert [counter.count("x"), counter.count("x"), counter.count("y")] == [1, 2, 1]
    assert len(asked) == 1
