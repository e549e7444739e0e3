"""A name server that hangs holds up nobody."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from threading import Event
from time import monotonic

import pytest
from pytest_httpserver import HTTPServer

from weatherapp.net import lookup
from weatherapp.net.client import Client
from weatherapp.net.errors import ForbiddenAddressError, TooSlowError, UnreachableError
from weatherapp.net.guard import Guard
from weatherapp.net.lookup import AT_ONCE, look_up


@pytest.fixture
def hanging_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The system's resolver blocks, as it does while a name server is silent."""
    over = Event()

    def hang(*_: object, **__: object) -> list[object]:
        over.wait(60)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(lookup.socket, "getaddrinfo", hang)
    yield
    over.set()
    # All questions that were left to themselves have ended: the next test finds every turn free.
    for _ in range(AT_ONCE):
        assert lookup._turns.acquire(timeout=10)
    for _ in range(AT_ONCE):
        lookup._turns.release()


@pytest.mark.usefixtures("hanging_names")
def test_a_name_server_that_hangs_is_given_up_on():
    with pytest.raises(TooSlowError, match="name server"):
        look_up("example.org", 0.2)


@pytest.mark.usefixtures("hanging_names")
def test_many_questions_to_a_name_server_that_hangs_start_few_threads():
    started_s = monotonic()

    for _ in range(AT_ONCE):
        with pytest.raises(TooSlowError, match="says nothing"):
            look_up("example.org", 0.01)
    with pytest.raises(TooSlowError, match="too many questions"):
        look_up("example.org", 0.01)

    assert monotonic() - started_s < 30


def test_this_machine_has_an_address():
    assert set(look_up("localhost", 5)) <= {"127.0.0.1", "::1"}


def test_a_name_that_nobody_has_is_unreachable():
    with pytest.raises(UnreachableError, match=r"no host nobody\.invalid"):
        look_up("nobody.invalid", 10)


def test_what_was_judged_is_what_is_connected_to(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
):
    """Whoever runs a name's server may answer otherwise a moment later, so it is asked once."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: bytes | str, *args: object, **options: object) -> list[object]:
        if host != b"rebind.example.org":
            return real(host, *args, **options)
        asked.append(host.decode())
        return [(0, 0, 0, "", ("127.0.0.1", 0))]

    monkeypatch.setattr(lookup.socket, "getaddrinfo", answer)
    httpserver.expect_request("/").respond_with_data("here")
    url = httpserver.url_for("/").replace("localhost", "rebind.example.org")

    with Client("tests", guard=Guard(allow_private=True)) as client:
        assert client.get(url).body == b"here"
    assert asked == ["rebind.example.org"]

    with Client("tests", guard=Guard()) as client, pytest.raises(ForbiddenAddressError):
        client.get(url)
    assert len(httpserver.log) == 1
