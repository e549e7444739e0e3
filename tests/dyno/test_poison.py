"""The list of rejected messages: bounded, readable, and no trouble of its own."""

from __future__ import annotations

import json

import pytest
import redis

from dyno.poison import COUNT_KEY, KEPT, KEY, clear_poisoned, keep_aside, read_poisoned


@pytest.fixture
def client(redis_server, redis_url):
    with redis.Redis(port=redis_server.port) as client:
        yield client


def test_it_keeps_what_it_was_whence_it_came_and_why(client):
    keep_aside(client, "default", b"\xffrain", "no text")

    found = read_poisoned(client)

    assert found.count == 1
    (poisoned,) = found.newest
    assert (poisoned.queue, poisoned.reason) == ("default", "no text")
    assert (poisoned.size, poisoned.text) == (5, "\\xffrain")
    assert poisoned.kept_at.endswith("+00:00")


def test_it_counts_all_and_keeps_the_newest_cut(client):
    for number in range(KEPT + 5):
        keep_aside(client, "default", f"{number} ".encode() * 5000, "too large")

    found = read_poisoned(client)

    assert found.count == KEPT + 5
    assert len(found.newest) == KEPT
    assert found.newest[0].text.startswith("104 ")
    assert {len(poisoned.text) for poisoned in found.newest} == {4096}


def test_the_log_has_it_once_in_one_short_line(client, caplog):
    keep_aside(client, "a\nb", b"a\nERROR forged\x1b[31m" + b"x" * 100_000, "no text")

    (line,) = caplog.messages
    assert line.isprintable()
    assert len(line) < 300


def test_cleared_it_holds_nothing(client):
    keep_aside(client, "default", b"5", "a number")

    clear_poisoned(client)

    assert read_poisoned(client).count == 0
    assert read_poisoned(client).newest == []


def test_entries_of_other_releases_are_read_as_far_as_they_go(client, caplog):
    client.lpush(KEY, json.dumps({"queue": "default", "colour": "blue"}), "5", b"\xff", "{")
    client.set(COUNT_KEY, 4)

    found = read_poisoned(client)

    assert [poisoned.queue for poisoned in found.newest] == ["default"]
    assert found.newest[0].reason == ""
    assert caplog.text.count("cannot be read") == 3


def test_without_redis_it_is_in_the_log_all_the_same(caplog):
    with redis.Redis(port=1) as nobody:
        keep_aside(nobody, "default", b"5", "a number")

    assert "Rejected a message on 'default', 1 bytes: a number: b'5'" in caplog.messages
    assert "not kept: ConnectionError" in caplog.text
