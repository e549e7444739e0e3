"""How many messages wait on a queue, by the broker's own count."""

from __future__ import annotations

from typing import Any

from celery import current_app
from kombu.exceptions import ChannelError


def count_messages(queue: str) -> int:
    """0 where there is none, or no such queue. Raises kombu's OperationalError."""
    with current_app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=2)
        try:
            channel: Any = connection.default_channel
            return int(channel.queue_declare(queue, passive=True).message_count)
        except ChannelError:  # Redis forgets a queue that is empty
            return 0
