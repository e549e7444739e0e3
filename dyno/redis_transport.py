"""Kombu's Redis transport: a connection less for each sender, and no message that is none of ours."""

from __future__ import annotations

from functools import partial
from typing import Any

import redis
from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.transport import redis as kombu_redis

from dyno.envelope import find_fault, find_unacked_fault
from dyno.poison import keep_aside


class Client(redis.Redis):
    """Looks at what a queue gives before Kombu does, which ends the process over what is no message.

    What is not handed on looks as if the queue had been empty.
    """

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._channel = channel

    def parse_response(self, connection: Any, command_name: Any, **options: Any) -> Any:
        redis_client: Any = super()
        response = redis_client.parse_response(connection, command_name, **options)
        if command_name != "BRPOP" or not response:
            return response
        queue, raw = response
        if fault := find_fault(raw):
            self._channel.keep_aside(queue.decode(errors="replace"), raw, fault)
            return None
        return response


class QoS(kombu_redis.QoS):
    """What a process has in its hands, and what it had when it died."""

    channel: Any

    def ack(self, delivery_tag: Any) -> None:
        """Kombu counts a message whose acknowledgement fails as in work for ever.

        With one message at a time, a task that ended while Redis was away would be the last one.
        What Redis still holds of the message comes back as that of a process that died.
        """
        try:
            super().ack(delivery_tag)
        finally:
            virtual.QoS.ack(self, delivery_tag)

    def reject(self, delivery_tag: Any, requeue: bool = False) -> None:
        """As ack."""
        try:
            super().reject(delivery_tag, requeue)
        finally:
            virtual.QoS.ack(self, delivery_tag)

    def restore_by_tag(self, tag: Any, client: Any = None, leftmost: bool = False) -> None:
        """Put a message back on its queue; what is no message stays away."""
        with self.channel.conn_or_acquire(client) as client:
            raw = client.hget(self.unacked_key, tag)
            if raw is not None and (fault := find_unacked_fault(raw)):
                client.pipeline().hdel(self.unacked_key, tag).zrem(
                    self.unacked_index_key, tag
                ).execute()
                self.channel.keep_aside(self.unacked_key, raw, fault)
            else:
                super().restore_by_tag(tag, client, leftmost)


class Channel(kombu_redis.Channel):
    """Kombu greets the server over the connection that consumers wait on, and sends over another.

    Who only sends would keep the first one for nothing; who consumes opens it again.
    """

    QoS = QoS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.async_pool.disconnect()

    def keep_aside(self, queue: str, raw: bytes, reason: str) -> None:
        """Over the connection that it sends on."""
        with self.conn_or_acquire() as client:
            keep_aside(client, queue, raw, reason)

    def _get_client(self) -> Any:
        return partial(Client, channel=self)


class Transport(kombu_redis.Transport):
    """For redis:// and rediss:// URLs."""

    Channel = Channel


def register() -> None:
    """Make Celery take it wherever a broker's URL says Redis; safe to call again."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
