"""Redis by TLS with a certificate that nobody vouches for, as Heroku's Key-Value Store has."""

from __future__ import annotations

import pytest
import redis
from celery import Celery

from dyno.broker import configure, read_redis_url
from dyno.reports import read_reports
from tests.dyno.process import WORKER, running
from tests.dyno.tls_proxy import tls_proxy


@pytest.fixture
def secure_url(redis_server, redis_url, monkeypatch):
    with tls_proxy(redis_server.port) as port:
        url = f"rediss://127.0.0.1:{port}/0"
        monkeypatch.setenv("REDIS_URL", url)
        yield url


def test_the_certificate_would_be_refused(secure_url):
    with (
        redis.Redis.from_url(secure_url) as client,
        pytest.raises(redis.ConnectionError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.ping()


def test_redis_py_connects(secure_url):
    with redis.Redis.from_url(read_redis_url()) as client:
        assert client.ping()


def test_celery_sends_and_a_worker_takes_and_reports(secure_url, redis_server, tmp_path):
    app = configure(Celery("asker", fixups=[], set_as_current=False))
    app.send_task("echo.say", ["rain"], queue="echo")
    app.close()

    with running(tmp_path, *WORKER, "--pool=threads", REDIS_URL=secure_url) as process:
        process.wait_for("said rain")
        with redis.Redis(port=redis_server.port) as client:
            process.wait_until(lambda: read_reports(client), "a report")
            (report,) = read_reports(client)

    assert report.pid == process.popen.pid


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("redis://:pw@host:6379/0", "redis://:pw@host:6379/0"),
        ("rediss://:pw@host:6379", "rediss://:pw@host:6379?ssl_cert_reqs=none"),
        (
            "rediss://:p%40w@host:6379/1?ssl_cert_reqs=required",
            "rediss://:p%40w@host:6379/1?ssl_cert_reqs=required",
        ),
        ("", "redis://127.0.0.1:6379/0"),
    ],
)
def test_the_parameter_is_added_once_and_only_for_tls(monkeypatch, given, expected):
    monkeypatch.setenv("REDIS_URL", given)

    assert read_redis_url() == expected
