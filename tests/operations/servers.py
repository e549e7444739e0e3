"""Servers that do not answer, and what /health says of them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never says a word; its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def texts(answer) -> list[str]:
    return [reason["text"] for reason in answer.json()["reasons"]]


def closed_port() -> int:
    with silent_server() as port:
        return port
