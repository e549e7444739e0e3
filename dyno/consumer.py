"""Celery's consumer, which outlives messages that it cannot work on; what it rejects is kept aside.

What is no message at all it never sees: see dyno/envelope.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from celery.worker.consumer import Consumer as CeleryConsumer
from kombu.exceptions import DecodeError

from dyno.envelope import UNDECODABLE

Handle = Callable[[Any], None]


class Consumer(CeleryConsumer):
    """Named in the setting `worker_consumer`."""

    def create_task_handler(self, *args: Any, **kwargs: Any) -> Handle:
        handle: Handle = super().create_task_handler(*args, **kwargs)

        def handle_or_reject(message: Any) -> None:
            try:
                self._check(message)
                handle(message)
            except (*UNDECODABLE, DecodeError) as error:
                self._reject(message, error)

        return handle_or_reject

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        self._reject(message, exc)

    def on_invalid_task(self, body: Any, message: Any, exc: Exception) -> None:
        self._reject(message, exc)

    def _check(self, message: Any) -> None:
        """Raises LookupError for a task that nobody knows, TypeError for arguments it has not."""
        name = message.headers["task"]
        task: Any = self.app.tasks.get(name)
        if task is None:
            raise LookupError(f"there is no task {name}")
        args, kwargs, _ = message.payload
        task.__header__(*args, **kwargs)

    def _reject(self, message: Any, error: Exception) -> None:
        if message.acknowledged:  # it is a task's by now, and the fault another one
            raise error
        message.reject()
        raw = json.dumps(message.serializable(), default=str).encode()
        queue = message.delivery_info["routing_key"]
        message.channel.keep_aside(queue, raw, _say(error))


def _say(error: Exception) -> str:
    """Of an error's text the beginning: it may hold what the message said."""
    return ascii(f"{type(error).__name__}: {error}"[:200])[1:-1]
