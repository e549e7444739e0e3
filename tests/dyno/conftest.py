from __future__ import annotations

import pytest

from weatherapp.operations.local.redis_server import RedisServer


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory):
    with RedisServer(tmp_path_factory.mktemp("redis") / "log") as server:
        yield server


@pytest.fixture
def redis_url(redis_server, monkeypatch):
    """REDIS_URL of a server that holds nothing yet."""
    import redis

    with redis.Redis(port=redis_server.port) as client:
        client.flushall()
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    return redis_server.url
