"""Kombu's Redis transport with a connection less for each process that sends messages."""

from __future__ import annotations

from typing import Any

from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import redis as kombu_redis


class Channel(kombu_redis.Channel):
    """Kombu greets the server over the connection that consumers wait on, and sends over another.

    Who only sends would keep the first one for nothing; who consumes opens it again.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.async_pool.disconnect()


class Transport(kombu_redis.Transport):
    """For redis:// and rediss:// URLs."""

    Channel = Channel


def register() -> None:
    """Make Celery take it wherever a broker's URL says Redis; safe to call again."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
