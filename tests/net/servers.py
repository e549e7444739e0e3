"""Servers on real sockets that say what a test wants, as slowly as it wants."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

Talk = Callable[[socket.socket, Event], None]


@contextmanager
def serve(talk: Talk) -> Iterator[str]:
    """The URL of a server that reads one request and then talks; its Event ends it."""
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        thread = Thread(target=_answer, args=(listener, talk, over), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        over.set()
    thread.join(10)


def say(*pieces: bytes, every_s: float = 0.0) -> Talk:
    """All pieces, then the end."""

    def talk(connection: socket.socket, over: Event) -> None:
        for piece in pieces:
            connection.sendall(piece)
            if over.wait(every_s):
                return

    return talk


def drip(head: bytes, piece: bytes = b"x", *, every_s: float = 0.02) -> Talk:
    """`head` at once, then a piece again and again for ever."""

    def talk(connection: socket.socket, over: Event) -> None:
        connection.sendall(head)
        while not over.wait(every_s):
            connection.sendall(piece)

    return talk


def _answer(listener: socket.socket, talk: Talk, over: Event) -> None:
    try:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(10)
            connection.recv(65_536)
            talk(connection, over)
    except OSError:
        pass  # the client has gone, as it should
