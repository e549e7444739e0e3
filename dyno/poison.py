"""Messages that no process can work on: said once in the log, counted, and kept aside in Redis."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import redis

from dyno.identity import process_type

KEY, COUNT_KEY = "poisoned", "poisoned_count"
KEPT = 100  # the newest
KEPT_BYTES = 4096  # of each
SAID_BYTES = 100

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Poisoned:
    """One message. `text` is what it said, cut, with what is no text written as \\x.."""

    kept_at: str  # ISO 8601, UTC
    queue: str
    process_type: str
    reason: str
    size: int  # bytes, uncut
    text: str


@dataclass(frozen=True, slots=True)
class PoisonedList:
    """`count` is that of all since the list was cleared, `newest` what is kept of them."""

    count: int
    newest: list[Poisoned]


def keep_aside(client: redis.Redis, queue: str, raw: bytes, reason: str) -> None:
    """Never raises: a Redis that does not answer must not make it worse. The log has it anyhow."""
    logger.error(
        "Rejected a message on %s, %s bytes: %s: %s",
        ascii(queue[:SAID_BYTES]),
        len(raw),
        reason,
        ascii(raw[:SAID_BYTES]),
    )
    poisoned = Poisoned(
        kept_at=datetime.now(UTC).isoformat(timespec="seconds"),
        queue=queue[:SAID_BYTES],
        process_type=process_type(),
        reason=reason,
        size=len(raw),
        text=raw[:KEPT_BYTES].decode(errors="backslashreplace"),
    )
    try:
        with client.pipeline() as pipe:
            pipe.lpush(KEY, json.dumps(asdict(poisoned)))
            pipe.ltrim(KEY, 0, KEPT - 1)
            pipe.incr(COUNT_KEY)
            pipe.execute()
    except redis.RedisError as error:
        logger.warning("The rejected message is not kept: %s", type(error).__name__)


def read_poisoned(client: redis.Redis) -> PoisonedList:
    """Newest first; entries that cannot be read are left out. Raises redis.RedisError."""
    stored = client.lrange(KEY, 0, KEPT - 1)
    count = client.get(COUNT_KEY)
    kept = [_read(text) for text in stored]
    return PoisonedList(int(count or 0), [poisoned for poisoned in kept if poisoned is not None])


def clear_poisoned(client: redis.Redis) -> None:
    """Forget all. Raises redis.RedisError."""
    client.delete(KEY, COUNT_KEY)


def _read(text: bytes | str) -> Poisoned | None:
    """What another release wrote may lack something or hold more."""
    try:
        entry: Any = json.loads(text)
        return Poisoned(
            kept_at=str(entry.get("kept_at", "")),
            queue=str(entry.get("queue", "")),
            process_type=str(entry.get("process_type", "")),
            reason=str(entry.get("reason", "")),
            size=int(entry.get("size", 0)),
            text=str(entry.get("text", "")),
        )
    except (ValueError, TypeError, AttributeError):
        logger.warning("A kept message cannot be read: %s", ascii(text[:SAID_BYTES]))
        return None
