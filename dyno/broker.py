"""How every process reaches Redis: one address, few connections, no result backend."""

from __future__ import annotations

import os
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from celery import Celery

from dyno import by_the_book, redis_transport, trace_messages

DEFAULT_REDIS_URL = "redis://127.0.0.1:6379/0"

# An unacknowledged message comes back after this time, so a killed process loses nothing; longer
# than the longest task, or a slow one would be started twice.
VISIBILITY_TIMEOUT_S = 300


class RedisUrlError(ValueError):
    """REDIS_URL is no URL; the message shows no part of it."""


def read_redis_url() -> str:
    """REDIS_URL; with TLS it says whether certificates are verified, for every client the same.

    Left to themselves redis-py would verify them, and kombu would not. Raises RedisUrlError.
    """
    url = os.environ.get("REDIS_URL") or DEFAULT_REDIS_URL
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - it is looked at only now
    except ValueError:
        raise RedisUrlError(
            "REDIS_URL is no URL that can be read: in a password, characters such as / # ? @ : "
            "must be percent-encoded."
        ) from None
    query = dict(parse_qsl(parts.query))
    if parts.scheme != "rediss" or "ssl_cert_reqs" in query:
        return url
    query["ssl_cert_reqs"] = _verify_how()
    return urlunsplit(parts._replace(query=urlencode(query)))


def _verify_how() -> str:
    """Heroku's Key-Value Store has a certificate signed by itself; dynos are told by DYNO."""
    return "none" if os.environ.get("DYNO") else "required"


def configure(
    app: Celery, *, unacked: str = "unacked", visibility_timeout_s: int = VISIBILITY_TIMEOUT_S
) -> Celery:
    """Settings that web, worker, beat and predictor share.

    Whoever looks for unacknowledged messages judges all of those under the same key by its own
    timeout: processes with another timeout need another `unacked` key.
    """
    trace_messages.connect_signals()
    by_the_book.connect_signals()
    redis_transport.register()
    app.conf.update(
        broker_url=read_redis_url(),
        broker_pool_limit=1,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": visibility_timeout_s,
            "unacked_key": unacked,
            "unacked_index_key": f"{unacked}_index",
            "unacked_mutex_key": f"{unacked}_mutex",
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_timeout": 30,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
        },
        result_backend=None,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        enable_utc=True,
        timezone="UTC",
        worker_concurrency=1,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_consumer="dyno.consumer:Consumer",
        # The schedule is code: nothing to keep in a file, which a dyno would lose anyway.
        beat_scheduler="dyno.steady_scheduler:SteadyScheduler",
        beat_enable_remote_control=False,
        task_default_queue="default",
    )
    return app
