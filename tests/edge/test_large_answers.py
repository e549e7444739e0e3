"""Answers larger than the buffers: whole for those who read, and a bounded wait for the others."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest

from tests.edge.honest import get, talk
from tests.edge.large_app import make_body
from tests.edge.web import running_web

KB = 1000


@pytest.fixture(scope="module")
def large(environment, tmp_path_factory):
    """An application with answers of any size behind the web process's front."""
    folder = tmp_path_factory.mktemp("large")
    with running_web(folder, environment, app="tests.edge.large_app:app") as web:
        yield web


@pytest.mark.parametrize("size_kb", [1, 300, 5_000, 20_000])
def test_every_byte_arrives(large, size_kb):
    assert get(large.port, f"/{size_kb}").body == make_body(size_kb * KB)


def test_those_who_read_nothing_hold_the_threads_for_seconds_only(large):
    request = b"GET /20000 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with ExitStack() as readers:
        for _ in range(2):
            one = readers.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect(("127.0.0.1", large.port))
            one.sendall(request)

        assert get(large.port, "/1").status == 200


def test_the_head_of_a_large_answer_leaves_the_connection_open(large):
    request = b"HEAD /5000 HTTP/1.1\r\nHost: localhost\r\n\r\n"

    heard = talk(large.port, request + request.replace(b"Host", b"Connection: close\r\nHost"))

    assert heard.count(b"Content-Length: 5000000") == 2
    assert heard.count(b"\r\n\r\n") == 2
