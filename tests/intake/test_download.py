"""An answer is bounded in size and in time."""

from __future__ import annotations

import gzip
import socket
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from tests.intake.conftest import QUICK
from weatherapp.intake.download import Bounds, Reply, download, make_client
from weatherapp.intake.source import SourceGarbled, SourceRefused, SourceUnavailable

MB = 1_000_000


@pytest.fixture
def end_of_test() -> Iterator[Event]:
    """Lets a server that hangs go home."""
    event = Event()
    yield event
    event.set()


def get(url: str, bounds: Bounds = QUICK) -> Reply:
    with make_client("tests", bounds) as client:
        return download(client, url, {"a": "1,2"}, bounds)


def test_the_body_and_the_status_come_back(httpserver: HTTPServer):
    httpserver.expect_request("/", query_string={"a": "1,2"}).respond_with_data("hi", status=418)

    assert get(httpserver.url_for("/")) == Reply(418, b"hi")


def test_a_packed_body_is_unpacked(httpserver: HTTPServer):
    httpserver.expect_request("/", headers={"Accept-Encoding": "gzip"}).respond_with_data(
        gzip.compress(b"hi" * 50_000), headers={"Content-Encoding": "gzip"}
    )

    assert get(httpserver.url_for("/")).body == b"hi" * 50_000


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_at_the_bound_is_taken_and_one_byte_more_is_not(httpserver: HTTPServer, packed):
    for size in (1000, 1001):
        body = b"x" * size
        httpserver.expect_request(f"/{size}").respond_with_data(
            gzip.compress(body) if packed else body,
            headers={"Content-Encoding": "gzip"} if packed else {},
        )
    bounds = replace(QUICK, body_bytes=1000)

    assert len(get(httpserver.url_for("/1000"), bounds).body) == 1000
    with pytest.raises(SourceGarbled, match="larger than 1,000 bytes"):
        get(httpserver.url_for("/1001"), bounds)


def test_a_bomb_does_not_fill_the_memory(httpserver: HTTPServer):
    bomb = gzip.compress(bytes(100 * MB))
    httpserver.expect_request("/").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})

    tracemalloc.start()
    with pytest.raises(SourceGarbled, match="larger"):
        get(httpserver.url_for("/"), replace(QUICK, body_bytes=MB))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak_bytes < 30 * MB


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip"])
def test_an_encoding_that_was_not_asked_for_is_garbled(httpserver: HTTPServer, encoding):
    httpserver.expect_request("/").respond_with_data("", headers={"Content-Encoding": encoding})

    with pytest.raises(SourceGarbled, match="not asked for"):
        get(httpserver.url_for("/"))


def test_a_body_that_is_not_packed_as_it_says_is_garbled(httpserver: HTTPServer):
    httpserver.expect_request("/").respond_with_data("hi", headers={"Content-Encoding": "gzip"})

    with pytest.raises(SourceGarbled, match="unpacked"):
        get(httpserver.url_for("/"))


def test_a_silent_server_is_unavailable(httpserver: HTTPServer, end_of_test: Event):
    def hang() -> Iterator[bytes]:
        yield b"{"
        end_of_test.wait()

    httpserver.expect_request("/").respond_with_handler(lambda _: Response(hang()))

    with pytest.raises(SourceUnavailable, match="in time"):
        get(httpserver.url_for("/"), replace(QUICK, silence_s=0.2))


def test_a_server_that_drips_is_unavailable(httpserver: HTTPServer, end_of_test: Event):
    def drip() -> Iterator[bytes]:
        for _ in range(300):  # three seconds: a client without a bound would wait them out
            yield b" "
            if end_of_test.wait(0.01):
                return

    httpserver.expect_request("/").respond_with_handler(lambda _: Response(drip()))

    with pytest.raises(SourceUnavailable, match="too slowly"):
        get(httpserver.url_for("/"), replace(QUICK, total_s=0.1))


def test_a_broken_connection_is_unavailable(httpserver: HTTPServer):
    httpserver.expect_request("/").respond_with_handler(
        lambda _: Response(iter([b"hi"]), headers={"Content-Length": "9"})
    )

    with pytest.raises(SourceUnavailable, match="reached"):
        get(httpserver.url_for("/"))


def test_a_refused_connection_is_unavailable():
    with socket.socket() as held:  # bound, but nobody listens
        held.bind(("127.0.0.1", 0))
        with pytest.raises(SourceUnavailable, match="reached"):
            get(f"http://127.0.0.1:{held.getsockname()[1]}/")


@pytest.mark.parametrize("url", ["api.example.org/v1", "ftp://127.0.0.1/", "http://[::1/"])
def test_a_wrong_address_is_refused(url):
    with pytest.raises(SourceRefused, match="address is wrong"):
        get(url)
