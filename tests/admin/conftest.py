"""Three people, and two brokers: one that works and one that is down."""

from __future__ import annotations

import json
import socket
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import kombu.pools
import pytest
import redis
from django.contrib.auth.models import User
from django.test import Client

from weatheralert.celery import app as site
from weatherapp.operations.local.redis_server import RedisServer


def log_in(**fields: Any) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(**fields))
    return client


@pytest.fixture
def operator(db) -> Client:
    """May do everything."""
    return log_in(username="operator", is_staff=True, is_superuser=True)


@pytest.fixture
def guest(db) -> Client:
    """Staff, without any permission."""
    return log_in(username="guest", is_staff=True)


@pytest.fixture
def stranger() -> Client:
    return Client()


class Broker:
    """What was put on the queue of a real server."""

    def __init__(self, server: RedisServer) -> None:
        self.server = server

    def read_queue(self, name: str = "default") -> list[tuple[str, dict[str, Any]]]:
        """Task and arguments, oldest first."""
        with redis.Redis(port=self.server.port) as client:
            messages = [json.loads(text) for text in reversed(client.lrange(name, 0, -1))]
        return [
            (message["headers"]["task"].rpartition(".")[2], read_arguments(message))
            for message in messages
        ]


def read_arguments(message: dict[str, Any]) -> dict[str, Any]:
    body = json.loads(b64decode(message["body"]))
    return body[1]


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis") / "log") as server:
        yield server


def use_broker(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Celery keeps its connections: a new address needs new ones."""
    site.set_current()  # as in every process of the site: its routes count
    monkeypatch.setenv("CELERY_BROKER_URL", url)
    monkeypatch.setattr(site.amqp, "_producer_pool", None)


@pytest.fixture
def broker(redis_server, monkeypatch) -> Iterator[Broker]:
    with redis.Redis(port=redis_server.port) as client:
        client.flushall()
    use_broker(redis_server.url, monkeypatch)
    yield Broker(redis_server)
    kombu.pools.reset()


@pytest.fixture
def _broker_down(monkeypatch) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    use_broker(f"redis://127.0.0.1:{port}/0", monkeypatch)
