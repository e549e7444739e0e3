"""What Redis holds of the requests: looked at to find what was lost, and to take messages out.

The rows are the truth; nothing here decides what state a request is in. Whatever else the queues
hold, also what is no message, is of no request: the processes reject it (dyno/envelope.py).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dyno.broker import read_redis_url
from predictor import contract

logger = logging.getLogger(__name__)

PEOPLES_ANSWERS, OTHER_WORK = "answers.people", "default"
# Queues, and what a process has in its hands: first the predictor's, then the worker's.
WAY = (
    ((contract.PEOPLE_QUEUE, contract.SCHEDULE_QUEUE), contract.UNACKED_KEY),
    ((PEOPLES_ANSWERS, OTHER_WORK), "unacked"),
)
TIMEOUT_S = 1.0
CHUNK = 200  # messages of some 3 kB


@contextmanager
def connect() -> Iterator[redis.Redis]:
    """A connection for a moment, which fails soon instead of waiting for a broker that is down.

    Raises redis.RedisError.
    """
    client = redis.Redis.from_url(
        read_redis_url(),
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        decode_responses=True,
        encoding_errors="backslashreplace",
        retry=Retry(NoBackoff(), 0),
    )
    with client:
        yield client


def iterate_known_ids(client: redis.Redis) -> Iterator[str]:
    """Ids of all requests that are on their way, or whose answers are; some twice.

    It looks along the way that they take, so that none can pass unseen behind it.
    """
    for queues, unacked_key in WAY:
        for queue in queues:
            for raw in _iterate_queue(client, queue):
                yield from _read_ids(_load(raw))
        for _, message in _iterate_unacked(client, unacked_key):
            yield from _read_ids(message)


def take_out(queue: str, request_id: UUID) -> bool:
    """False where a predictor was quicker, the message is not there, or Redis does not answer."""
    try:
        with connect() as client:
            return _remove(client, queue, str(request_id))
    except redis.RedisError as error:
        logger.warning("Request %s stays on the queue: %s", request_id, error)
        return False


def _remove(client: redis.Redis, queue: str, wanted: str) -> bool:
    for raw in _iterate_queue(client, queue):
        # The text alone is quick; only the message itself says whose it is.
        if wanted in raw and wanted in _read_ids(_load(raw)):
            return client.lrem(queue, 1, raw) == 1
    return False


def read_jobs(client: redis.Redis) -> list[tuple[str, datetime]]:
    """What predictors have in their hands, oldest first: request id, and since when.

    What a killed predictor had is among it until the broker hands it to another.
    """
    jobs = []
    for tag, message in _iterate_unacked(client, contract.UNACKED_KEY):
        since_s = client.zscore(f"{contract.UNACKED_KEY}_index", tag)
        request_id = _read_request_id(message)
        if request_id is not None and since_s is not None:
            jobs.append((request_id, datetime.fromtimestamp(since_s, UTC)))
    return sorted(jobs, key=lambda job: job[1])


def _iterate_queue(client: redis.Redis, queue: str) -> Iterator[str]:
    """Newest first: messages leave at the other end, so that none is skipped meanwhile."""
    start = 0
    while chunk := client.lrange(queue, start, start + CHUNK - 1):
        yield from map(str, chunk)
        start += CHUNK


def _iterate_unacked(client: redis.Redis, key: str) -> Iterator[tuple[str, object]]:
    """Kombu's tags and the messages, which it holds with exchange and routing key."""
    for tag, value in client.hscan_iter(key, count=CHUNK):
        held = _load(value)
        if isinstance(held, list) and held:
            yield tag, held[0]


def _load(raw: str | bytes) -> object:
    """None where it is no JSON."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _read_request_id(message: object) -> str | None:
    """None where it is of no request."""
    try:
        return str(UUID(_read_ids(message)[0]))
    except (LookupError, ValueError):
        return None


def _read_ids(message: object) -> list[str]:
    """A request's message carries its id; the one with its answer has it as its parent."""
    headers = message.get("headers") if isinstance(message, dict) else None
    if not isinstance(headers, dict):
        return []
    ids = (headers.get(name) for name in ("id", "parent_id"))
    return [found for found in ids if found and isinstance(found, str)]
