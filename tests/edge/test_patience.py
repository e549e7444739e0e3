"""How long a client is waited for: real sockets, and a clock in the test's hand."""

from __future__ import annotations

import selectors
import socket
from concurrent.futures import Future
from dataclasses import dataclass, field
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest

from dyno.buffering import crowding, limits
from dyno.buffering.client_socket import ClientSocket
from dyno.buffering.clients import Clients

GET = b"GET / HTTP/1.1\r\n\r\n"
UNREADER = SimpleNamespace(take_buffered=lambda: b"")


@dataclass(eq=False)
class Connection:
    """What gunicorn keeps of a connection, as far as it matters here."""

    sock: ClientSocket
    parser: Any = field(default_factory=lambda: SimpleNamespace(unreader=UNREADER))


@dataclass
class Front:
    """The clients' main loop, turned by hand."""

    poller: selectors.BaseSelector
    served: list[Connection] = field(default_factory=list)
    kept: list[Connection] = field(default_factory=list)
    forgotten: list[Connection] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.others: list[socket.socket] = []
        self.clients = Clients(
            self.poller,
            serve=self.served.append,
            keep=lambda conn, _: self.kept.append(conn),
            forget=self.forget,
        )

    def forget(self, conn: Connection) -> None:
        self.forgotten.append(conn)
        conn.sock.close()

    def connect(self, sent: bytes = b"") -> tuple[Connection, socket.socket]:
        ours, theirs = socket.socketpair()
        self.others.append(theirs)
        theirs.sendall(sent)
        theirs.setblocking(False)
        conn = Connection(ClientSocket.adopt(ours))
        self.clients.expect_request(conn)
        self.turn()
        return conn, theirs

    def turn(self) -> None:
        for key, _ in self.poller.select(0):
            key.data(key.fileobj)

    def turn_until_idle(self) -> None:
        """A turn reads one piece of a connection."""
        while ready := self.poller.select(0):
            for key, _ in ready:
                key.data(key.fileobj)

    def wait(self, seconds: float) -> None:
        """As if it were so much later."""
        crowding.end_overdue(self.clients, now_s=monotonic() + seconds)

    def close(self) -> None:
        for one in self.others:
            one.close()
        for waiting in (self.clients.reading, self.clients.sending, self.clients.closing):
            for conn in list(waiting):
                self.clients.drop(conn)
        for conn in [*self.served, *self.kept]:
            conn.sock.close()


@pytest.fixture
def front():
    with selectors.DefaultSelector() as poller:
        front = Front(poller)
        yield front
        front.close()


def outcome(result):
    future: Future[Any] = Future()
    future.set_result(result)
    return future


def read_all(conn):
    """As gunicorn's parser does."""
    assert conn.sock.recv(100_000)


def test_a_thread_gets_a_connection_when_its_request_is_whole(front):
    conn, theirs = front.connect(GET[:-1])
    assert front.served == []

    theirs.send(GET[-1:])
    front.turn()

    assert front.served == [conn]


def test_who_begins_and_does_not_end_hears_why(front):
    conn, theirs = front.connect(GET[:-1])

    front.wait(limits.REQUEST_PATIENCE_S - 1)
    assert front.forgotten == []
    front.wait(limits.REQUEST_PATIENCE_S + 1)

    assert theirs.recv(1000).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    front.wait(limits.CLOSING_PATIENCE_S + 1)
    assert front.forgotten == [conn]


def test_a_byte_now_and_then_does_not_prolong_it(front):
    _, theirs = front.connect(GET[:-9])
    for _ in range(3):
        theirs.send(b"a")
        front.turn()

    front.wait(limits.REQUEST_PATIENCE_S + 1)

    assert theirs.recv(1000).startswith(b"HTTP/1.1 408 ")
    assert front.served == []


def test_who_says_nothing_hears_nothing(front):
    conn, theirs = front.connect()

    front.wait(limits.REQUEST_PATIENCE_S + 1)

    assert theirs.recv(1000) == b""
    assert front.forgotten == [conn]


def test_who_leaves_in_the_middle_is_forgotten_at_once(front):
    conn, theirs = front.connect(GET[:-1])

    theirs.close()
    front.turn()

    assert front.forgotten == [conn]


def answer(front, size):
    """A thread has answered with `size` bytes that the client does not read."""
    conn, theirs = front.connect(GET)
    read_all(conn)
    conn.sock.sendall(bytes(size))
    front.clients.take_back(conn, outcome(True))
    return conn, theirs


def test_an_answer_that_fits_the_kernel_is_done_at_once(front):
    conn, _ = answer(front, 100)

    assert front.kept == [conn]


def test_the_loop_sends_what_the_kernel_did_not_take(front):
    conn, theirs = answer(front, 450_000)
    assert front.kept == []

    heard = 0
    while heard < 450_000:
        heard += len(theirs.recv(65_536))
        front.turn()

    assert front.kept == [conn]
    with pytest.raises(BlockingIOError):
        theirs.recv(1)


def test_who_does_not_take_the_answer_is_ended(front):
    conn, theirs = answer(front, 450_000)
    theirs.recv(1000)
    front.turn()

    front.wait(limits.ANSWER_PATIENCE_S - 1)
    assert front.forgotten == []
    front.wait(limits.ANSWER_PATIENCE_S + 1)

    assert front.forgotten == [conn]


def test_a_client_that_closes_nothing_after_the_last_answer_is_ended(front):
    conn, _ = front.connect(GET)
    read_all(conn)
    front.clients.take_back(conn, outcome(False))
    assert front.forgotten == []

    front.wait(limits.CLOSING_PATIENCE_S + 1)

    assert front.forgotten == [conn]


def test_what_is_sent_behind_the_last_answer_is_thrown_away_up_to_a_limit(front):
    conn, theirs = front.connect(GET)
    read_all(conn)
    front.clients.take_back(conn, outcome(False))

    sent = 0
    while not front.forgotten:
        sent += theirs.send(bytes(65_536))
        front.turn_until_idle()

    assert sent >= limits.DISCARDED_AT_MOST


@pytest.mark.parametrize("reads", [0, 2], ids=["too little", "too much"])
def test_a_connection_ends_where_gunicorn_sees_another_end_of_the_request(front, reads):
    """The rest of one request would be taken for the next."""
    conn, theirs = front.connect(GET + GET)
    for _ in range(reads):
        conn.sock.recv(100_000)

    front.clients.take_back(conn, outcome(True))

    assert theirs.recv(1000) == b""
    assert front.kept == []
    assert front.served == [conn]


def test_a_request_that_is_refused_behind_another_ends_the_connection_alone(front):
    conn, theirs = front.connect(GET + b"GET /" + b"a" * limits.HEAD_AT_MOST)
    read_all(conn)

    front.clients.take_back(conn, outcome(True))
    front.turn_until_idle()

    assert theirs.recv(1000).startswith(b"HTTP/1.1 431 ")


def test_the_heaviest_end_when_all_together_hold_too_much(front):
    body = b"POST / HTTP/1.1\r\nContent-Length: 200000\r\n\r\n"
    light, _ = front.connect(GET[:-1])
    heavy = [front.connect(body)[0] for _ in range(30)]
    for conn in heavy:
        conn.sock.request.add(bytes(199_999))

    crowding.end_heaviest(front.clients)

    assert light in front.clients.reading
    assert len(front.forgotten) == 30 - limits.BUFFERED_AT_MOST // 200_000
    assert set(front.forgotten) < set(heavy)
    assert front.clients.tally.counts == {"too heavy": len(front.forgotten)}


def test_a_minutes_endings_are_one_line(front, caplog):
    tally = front.clients.tally
    with caplog.at_level("INFO", "dyno.buffering.tally"):
        for second in range(59):
            tally.count("sent nothing")
            tally.say(now_s=1000.0 + second)
        tally.say(now_s=1060.0)

    assert caplog.messages == [
        "Connections ended: 1 sent nothing",
        "Connections ended: 58 sent nothing",
    ]
