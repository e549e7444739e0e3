"""What honest clients may rely on: connections that go on, requests sent ahead, slow networks."""

from __future__ import annotations

import re
import socket
from contextlib import closing, suppress
from http.client import HTTPConnection
from time import sleep

import pytest

from tests.edge.honest import get, talk
from tests.edge.hostile import LARGE_PATH, attacked
from tests.edge.web import running_web
from tests.system.site import wait_for

GET = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
LAST = GET.replace(b"Host", b"Connection: close\r\nHost")
POST = b"POST /places/1/subscribe HTTP/1.1\r\nHost: localhost\r\n"


def connect(web):
    return socket.create_connection(("127.0.0.1", web.port), timeout=20)


def is_closed(one):
    """Whether the server has ended it."""
    one.setblocking(False)
    with suppress(BlockingIOError):
        return one.recv(1) == b""
    return False


def test_a_connection_serves_many_requests(web):
    with closing(HTTPConnection("127.0.0.1", web.port, timeout=20)) as connection:
        for _ in range(5):
            connection.request("GET", "/health")
            response = connection.getresponse()
            response.read()
            ours = connection.sock.getsockname()

            assert response.status == 200
            assert response.getheader("Connection") == "keep-alive"
        connection.request("GET", "/health")
        assert connection.sock.getsockname() == ours


def test_requests_that_are_sent_ahead_are_answered_in_order(web):
    wanted = b"".join(
        b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % path
        for path in (b"/health", b"/no-such-page", b"/health", b"/static/favicon.svg")
    )

    heard = talk(web.port, wanted + LAST)

    assert re.findall(rb"HTTP/1.1 (\d+) ", heard) == [b"200", b"404", b"200", b"200", b"200"]


def test_a_request_may_come_byte_by_byte(web):
    with connect(web) as one:
        for at in range(len(LAST)):
            one.sendall(LAST[at : at + 1])
        assert one.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_client_that_asks_for_leave_to_send_a_body_gets_it(web):
    with connect(web) as one:
        one.sendall(POST + b"Expect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert one.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        one.sendall(b"a=b&")
        answer = one.recv(65536)

    assert b"HTTP/1.1 403 Forbidden\r\n" in answer  # no token: Django has seen the request


def test_a_client_that_sends_all_and_closes_its_side_is_answered(web):
    with connect(web) as one:
        one.sendall(GET)
        one.shutdown(socket.SHUT_WR)

        assert one.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\n\n", b"400", id="TLS where HTTP is spoken"),
        pytest.param(b"GET / HTTP/1.1\nHost: localhost\n\n", b"400", id="bare LF"),
        pytest.param(POST + b"Content-Length: five\r\n\r\n", b"400", id="no number"),
        pytest.param(
            POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400", id="two lengths"
        ),
        pytest.param(b"GET / HTTP/1.1\r\nA: " + b"a" * 40_000, b"431", id="an endless head"),
        pytest.param(b"GET /" + b"a" * 9_000 + GET[4:], b"414", id="a long address"),
    ],
)
def test_nonsense_is_refused_at_once_and_the_connection_ends(web, sent, status):
    assert talk(web.port, sent).split()[1] == status


def test_a_slow_reader_gets_every_byte(web):
    expected = get(web.port, LARGE_PATH).body
    request = GET.replace(b"/health", LARGE_PATH.encode()).replace(
        b"Host", b"Connection: close\r\nHost"
    )
    heard = b""
    with socket.socket() as one:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.settimeout(20)
        one.connect(("127.0.0.1", web.port))
        one.sendall(request)
        while data := one.recv(8192):
            heard += data
            sleep(0.002)  # it is slow

    assert len(expected) > 300_000
    assert heard.split(b"\r\n\r\n", 1)[1] == expected


def test_with_too_many_connections_the_oldest_idle_one_ends(environment, tmp_path):
    with running_web(tmp_path, environment, "--worker-connections", "8") as web:
        silent = []
        for _ in range(12):
            silent.append(connect(web))
            assert get(web.port, "/health").status == 200
        closed = wait_for(
            "five of them end",
            lambda: (found := [is_closed(one) for one in silent]).count(True) >= 5 and found,
        )
        for one in silent:
            one.close()

    assert closed == sorted(closed, reverse=True)  # they were opened one after the other
    assert not closed[-1]
    assert "too many" in web.log


def test_hostile_clients_beyond_the_limit_shut_nobody_out(environment, tmp_path):
    with (
        running_web(tmp_path, environment, "--worker-connections", "20") as web,
        attacked(web.port, "unfinished head", 60) as hostile,
    ):
        wait_for("hostile clients come again", lambda: hostile.opened > 60)
        answers = [get(web.port, "/health").status for _ in range(20)]

    assert answers == [200] * 20
