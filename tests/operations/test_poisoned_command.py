"""`manage.py poisoned`: what was rejected, for whoever runs the site."""

from __future__ import annotations

from io import StringIO

import pytest
import redis
from django.core.management import CommandError, call_command

from dyno.poison import keep_aside, read_poisoned
from weatherapp.operations.local.redis_server import RedisServer


@pytest.fixture
def client(tmp_path, monkeypatch):
    with RedisServer(tmp_path / "log") as server, redis.Redis.from_url(server.url) as client:
        monkeypatch.setenv("REDIS_URL", server.url)
        yield client


def run(*words: str) -> str:
    out = StringIO()
    call_command("poisoned", *words, stdout=out)
    return out.getvalue()


def test_it_prints_what_was_rejected_and_keeps_it(client):
    keep_aside(client, "default", b"rain\nforged", "the message cannot be decoded")

    said = run()

    assert said.startswith("1 rejected, the newest 1 kept:\n")
    assert "command 'default'" in said
    assert "11 bytes: 'the message cannot be decoded'" in said
    assert "'rain\\nforged'" in said
    assert read_poisoned(client).count == 1


def test_it_forgets_when_told_to(client):
    keep_aside(client, "default", b"5", "the message is no object")

    assert "1 rejected" in run("--clear")
    assert run() == "0 rejected, the newest 0 kept:\n"


def test_without_redis_it_says_so(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")

    with pytest.raises(CommandError, match="Redis does not answer: ConnectionError"):
        run()
