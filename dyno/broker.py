"""How every process reaches Redis: one address, few connections, no result backend."""

from __future__ import annotations

import os
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from celery import Celery

from dyno import redis_transport, trace_messages

DEFAULT_REDIS_URL = "redis://127.0.0.1:6379/0"

# An unacknowledged message comes back after this time, so a killed process loses nothing; longer
# than the longest task, or a slow one would be started twice.
VISIBILITY_TIMEOUT_S = 300


def read_redis_url() -> str:
    """REDIS_URL, ready for clients that meet a self-signed certificate.

    Heroku's Key-Value Store speaks TLS with a self-signed chain; the parameter is understood by
    redis-py, kombu and Celery alike.
    """
    url = os.environ.get("REDIS_URL") or DEFAULT_REDIS_URL
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if parts.scheme != "rediss" or "ssl_cert_reqs" in query:
        return url
    query["ssl_cert_reqs"] = "none"
    return urlunsplit(parts._replace(query=urlencode(query)))


def configure(
    app: Celery, *, unacked: str = "unacked", visibility_timeout_s: int = VISIBILITY_TIMEOUT_S
) -> Celery:
    """Settings that web, worker, beat and predictor share.

    Whoever looks for unacknowledged messages judges all of those under the same key by its own
    timeout: processes with another timeout need another `unacked` key.
    """
    trace_messages.connect_signals()
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
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_consumer="dyno.consumer:Consumer",
        task_default_queue="default",
    )
    return app
