"""A real broker for the tests that look into its queues."""

from __future__ import annotations

import pytest
import redis
from kombu import pools

from predictor.worker import app as predictor
from weatheralert.celery import app as site
from weatherapp.operations.local.redis_server import RedisServer


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory):
    with RedisServer(tmp_path_factory.mktemp("redis") / "redis.log") as server:
        yield server


@pytest.fixture
def broker(redis_server, monkeypatch):
    """An empty server that site and predictor are bound to; a client of it."""
    bind(monkeypatch, redis_server.url)
    with redis.Redis.from_url(redis_server.url, decode_responses=True) as client:
        client.flushall()
        yield client
    pools.reset()


@pytest.fixture
def redis_is_down(monkeypatch):
    """Nothing listens at the address."""
    bind(monkeypatch, "redis://127.0.0.1:1/0")
    yield
    pools.reset()


def bind(monkeypatch, url):
    monkeypatch.setenv("REDIS_URL", url)
    site.set_current()  # as in every process of the site: its routes count
    for app in (site, predictor):  # whichever was imported last is Celery's current one
        monkeypatch.setattr(app.conf, "broker_url", url)
        monkeypatch.setattr(app, "_pool", None)
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
