"""The whole of an exchange is bounded, and so is what it brings."""

from __future__ import annotations

import gzip
import socket
import ssl
import tracemalloc
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from pytest_httpserver import HTTPServer

from tests.net.servers import drip, say, serve
from weatherapp.net.client import Bounds, Client
from weatherapp.net.errors import (
    GarbledError,
    NetError,
    TooLargeError,
    TooSlowError,
    TruncatedError,
    UnreachableError,
    WrongAddressError,
)
from weatherapp.net.guard import Guard
from weatherapp.net.reply import Reply

QUICK = Bounds(connect_s=2.0, silence_s=2.0, total_s=10.0)
IMPATIENT = replace(QUICK, total_s=0.4)
HUNDREDFOLD_S = 40.0  # a client without the bound would be at it for ever
MB = 1_000_000
OK = b"HTTP/1.1 200 OK\r\n"


def get(url: str, bounds: Bounds = QUICK, **asked: str) -> Reply:
    with Client("tests", bounds) as client:
        return client.get(url, **asked)


@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(drip(b""), id="status line"),
        pytest.param(drip(OK + b"X-Long: "), id="header"),
        pytest.param(drip(OK, b"a: b\r\n"), id="headers one by one"),
        pytest.param(drip(b"", b"HTTP/1.1 102 Wait\r\n\r\n"), id="hints without an answer"),
        pytest.param(drip(OK + b"\r\n"), id="body"),
        pytest.param(drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"), id="chunk size"),
        pytest.param(
            drip(OK + b"Transfer-Encoding: chunked\r\n\r\n5;", b"x"), id="chunk extension"
        ),
        pytest.param(
            drip(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"a: b\r\n"), id="trailer"
        ),
        pytest.param(
            drip(
                OK
                + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\na\r\n"
                + gzip.compress(b"")[:10]
                + b"\r\n",
                b"5\r\n\x00\x00\x00\xff\xff\r\n",  # a deflate block that holds nothing
            ),
            id="gzip that unpacks to nothing",
        ),
    ],
)
def test_a_server_that_drips_is_given_up_on(talk):
    started_s = monotonic()

    with serve(talk) as url, pytest.raises(TooSlowError):
        get(url, IMPATIENT)

    assert monotonic() - started_s < HUNDREDFOLD_S


def test_a_silent_server_is_given_up_on():
    def stay_silent(_: socket.socket, over: Event) -> None:
        over.wait(60)

    with serve(stay_silent) as url, pytest.raises(TooSlowError):
        get(url, replace(QUICK, silence_s=0.2))


def test_a_server_that_says_nothing_of_its_certificate_is_given_up_on():
    def stay_silent(_: socket.socket, over: Event) -> None:
        over.wait(60)

    with serve(stay_silent) as url, pytest.raises(TooSlowError):
        get(url.replace("http:", "https:"), IMPATIENT)


def test_a_server_that_reads_slowly_is_given_up_on():
    """A POST of more than the sockets hold; the other side takes a little, again and again."""

    def read_slowly(connection: socket.socket, over: Event) -> None:
        while not over.wait(0.02):
            connection.recv(1000)

    with (
        serve(read_slowly) as url,
        Client("tests", IMPATIENT) as client,
        pytest.raises(TooSlowError),
    ):
        client.post(url, bytes(50 * MB))


def test_redirects_share_one_deadline(httpserver: HTTPServer):
    with serve(drip(OK)) as slow_url:
        httpserver.expect_request("/").respond_with_data(status=302, headers={"Location": slow_url})
        with pytest.raises(TooSlowError):
            get(httpserver.url_for("/"), replace(IMPATIENT, redirects=3))


@pytest.mark.parametrize(
    ("talk", "error"),
    [
        pytest.param(say(b""), UnreachableError, id="nothing"),
        pytest.param(say(b"hello\r\n\r\n"), GarbledError, id="not HTTP"),
        pytest.param(say(b"\x00" * 200_000), GarbledError, id="an endless line of zeros"),
        pytest.param(say(OK + b"x: " + b"y" * 200_000), GarbledError, id="a header of 200 kB"),
        pytest.param(
            say(OK + b"Content-Length: 9\r\n\r\nhi"), TruncatedError, id="cut in the body"
        ),
        pytest.param(
            say(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), GarbledError, id="a wrong chunk"
        ),
        pytest.param(say(OK + b"Content-Length: -5\r\n\r\n"), GarbledError, id="a negative length"),
        pytest.param(
            say(OK + b"Content-Encoding: br\r\n\r\n"), GarbledError, id="packed otherwise"
        ),
        pytest.param(
            say(OK + b"Content-Encoding: gzip, gzip\r\n\r\n"), GarbledError, id="packed twice"
        ),
        pytest.param(
            say(OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi"),
            GarbledError,
            id="not packed",
        ),
    ],
)
def test_what_is_no_answer_has_a_name_and_one_short_line(talk, error):
    with serve(talk) as url, pytest.raises(error) as caught:
        get(url)

    assert type(caught.value) is error
    assert len(str(caught.value)) <= 300
    assert str(caught.value).isprintable()


def test_a_refused_connection_is_unreachable():
    with socket.socket() as held:  # bound, but nobody listens
        held.bind(("127.0.0.1", 0))
        with pytest.raises(UnreachableError):
            get(f"http://127.0.0.1:{held.getsockname()[1]}/")


def test_a_certificate_of_nobody_is_unreachable():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parent.parent / "dyno" / "self_signed.pem")

    with HTTPServer(ssl_context=context) as server, pytest.raises(UnreachableError, match="verify"):
        get(server.url_for("/"))


def test_body_status_and_hints_come_back(httpserver: HTTPServer):
    httpserver.expect_request("/", query_string="a=1,2&b=x+y").respond_with_data(
        "hi",
        status=418,
        content_type="text/plain",
        headers={"ETag": '"v1"', "Last-Modified": "then", "Retry-After": "7"},
    )

    with Client("tests", QUICK) as client:
        reply = client.get(httpserver.url_for("/"), {"a": "1,2", "b": "x y"})

    assert reply == Reply(418, b"hi", "text/plain", '"v1"', "then", "7")


def test_what_has_not_changed_is_not_sent_again(httpserver: HTTPServer):
    httpserver.expect_request(
        "/", headers={"If-None-Match": '"v1"', "If-Modified-Since": "then"}
    ).respond_with_data(status=304)

    assert get(httpserver.url_for("/"), etag='"v1"', last_modified="then").status == 304


def test_a_connection_is_kept():
    def answer_twice(connection: socket.socket, _: Event) -> None:
        connection.sendall(OK + b"Content-Length: 5\r\n\r\nfirst")
        connection.recv(65_536)  # nobody else is let in meanwhile
        connection.sendall(OK + b"Content-Length: 6\r\n\r\nsecond")

    with serve(answer_twice) as url, Client("tests", QUICK) as client:
        bodies = [client.get(url).body, client.get(url).body]

    assert bodies == [b"first", b"second"]


def test_a_post_carries_its_body_and_headers(httpserver: HTTPServer):
    httpserver.expect_request(
        "/", method="POST", data="{}", headers={"Content-Type": "application/json"}
    ).respond_with_data("taken", status=202)

    with Client("tests", QUICK) as client:
        reply = client.post(
            httpserver.url_for("/"), b"{}", headers={"Content-Type": "application/json"}
        )

    assert (reply.status, reply.body) == (202, b"taken")


def test_a_redirect_is_not_followed_unless_agreed(httpserver: HTTPServer):
    httpserver.expect_request("/").respond_with_data(status=301, headers={"Location": "/new?x=é"})
    httpserver.expect_request("/new").respond_with_data("here")
    url = httpserver.url_for("/")

    assert get(url).status == 301
    assert get(url, replace(QUICK, redirects=1)).body == b"here"


def test_redirects_in_a_circle_end(httpserver: HTTPServer):
    httpserver.expect_request("/").respond_with_data(status=302, headers={"Location": "/"})

    assert get(httpserver.url_for("/"), replace(QUICK, redirects=3)).status == 302
    assert len(httpserver.log) == 4


@pytest.mark.parametrize("location", ["ftp://example.org/", "http://u:p@example.org/", "http://["])
def test_a_redirect_to_nowhere_is_a_wrong_address(location):
    found = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location.encode()

    with serve(say(found + b"\r\n\r\n")) as url, pytest.raises(WrongAddressError):
        get(url, replace(QUICK, redirects=1))


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_at_the_bound_is_taken_and_one_byte_more_is_not(httpserver: HTTPServer, packed):
    for size in (1000, 1001):
        body = b"x" * size
        httpserver.expect_request(f"/{size}").respond_with_data(
            gzip.compress(body) if packed else body,
            headers={"Content-Encoding": "gzip"} if packed else {},
        )
    bounds = replace(QUICK, body_bytes=1000)

    assert get(httpserver.url_for("/1000"), bounds).body == b"x" * 1000
    with pytest.raises(TooLargeError, match="larger than 1,000 bytes"):
        get(httpserver.url_for("/1001"), bounds)


def test_a_bomb_does_not_fill_the_memory(httpserver: HTTPServer):
    bomb = gzip.compress(bytes(100 * MB))
    httpserver.expect_request("/").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})

    tracemalloc.start()
    with pytest.raises(TooLargeError):
        get(httpserver.url_for("/"), replace(QUICK, body_bytes=MB))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak_bytes < 30 * MB


def test_a_guarded_client_does_not_reach_the_inside(httpserver: HTTPServer):
    httpserver.expect_request("/").respond_with_data("secret")
    url = httpserver.url_for("/").replace("127.0.0.1", "localhost")

    with Client("tests", QUICK, guard=Guard()) as client, pytest.raises(NetError, match="public"):
        client.get(url)
    with Client("tests", QUICK, guard=Guard(allow_private=True)) as client:
        assert client.get(url).body == b"secret"

    assert len(httpserver.log) == 1
