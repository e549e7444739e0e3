"""A real Redis server, for the tests that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from weatherapp.operations import health
from weatherapp.operations.local.redis_server import RedisServer


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis") / "log") as server:
        yield server


@pytest.fixture
def _redis_up(redis_server, monkeypatch):
    # This process holds all tests: what it uses is not what /health is asked about here.
    monkeypatch.setenv("MEMORY_LIMIT_MB", "65536")
    monkeypatch.setattr(health, "_started_s", health.monotonic())  # nor how long it runs
    with redis.Redis(port=redis_server.port) as client:
        client.flushall()
    monkeypatch.setenv("REDIS_URL", redis_server.url)


@pytest.fixture
def broker(redis_server, _redis_up) -> Iterator[redis.Redis]:
    with redis.Redis(port=redis_server.port) as client:
        yield client
