"""A client as any other, with a clock in its hand."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from time import monotonic, perf_counter

PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Status 0: none in PATIENCE_S."""

    status: int
    elapsed_s: float
    body: bytes = b""


def get(port: int, path: str, *, patience_s: float = PATIENCE_S) -> Answer:
    """On a connection of its own."""
    began_s = perf_counter()
    with closing(HTTPConnection("127.0.0.1", port, timeout=patience_s)) as connection:
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            response = connection.getresponse()
            body = response.read()
        except (OSError, HTTPException):
            return Answer(0, perf_counter() - began_s)
    return Answer(response.status, perf_counter() - began_s, body)


def ask_for(seconds: float, port: int, paths: Sequence[str]) -> dict[str, list[Answer]]:
    """In turns, without a pause."""
    answers: dict[str, list[Answer]] = {path: [] for path in paths}
    deadline_s = monotonic() + seconds
    while monotonic() < deadline_s or not all(answers.values()):
        for path in paths:
            answers[path].append(get(port, path))
    return answers


def talk(port: int, sent: bytes, *, patience_s: float = PATIENCE_S) -> bytes:
    """All that the server says to these bytes until it closes; the client closes nothing before."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=patience_s) as connection:
        connection.sendall(sent)
        while data := connection.recv(65536):
            heard += data
    return heard


def send_on(port: int, head: bytes, size: int) -> int:
    """How many of `size` bytes the server takes from a client that sends whatever it hears."""
    sent = 0
    piece = bytes(64 * 1024)
    with (
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection,
        suppress(ConnectionError),
    ):
        connection.sendall(head)
        while sent < size:
            sent += connection.send(piece)
    return sent
