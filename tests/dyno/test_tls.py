"""Redis by TLS with a certificate that nobody vouches for, as Heroku's Key-Value Store has."""

from __future__ import annotations

import pytest
import redis
from celery import Celery

from dyno.broker import RedisUrlError, configure, read_redis_url
from dyno.reports import read_reports
from tests.dyno.process import WORKER, running
from tests.dyno.tls_proxy import CERTIFICATE, tls_proxy

pytestmark = [pytest.mark.slow, pytest.mark.pair]

# What makes a client accept it: environment and the URL's parameters.
ACCEPTED = [
    pytest.param({"DYNO": "worker.1"}, "", id="on Heroku"),
    pytest.param({}, "?ssl_cert_reqs=none", id="where nothing is to be verified"),
    pytest.param({}, f"?ssl_ca_certs={CERTIFICATE}", id="where its authority is named"),
    pytest.param(
        {"DYNO": "worker.1"},
        f"?ssl_cert_reqs=required&ssl_ca_certs={CERTIFICATE}",
        id="on Heroku with an authority",
    ),
]
REFUSED = [
    pytest.param({}, "", id="by default"),
    pytest.param({"DYNO": "worker.1"}, "?ssl_cert_reqs=required", id="on Heroku, where asked for"),
]


@pytest.fixture(autouse=True)
def _off_heroku(monkeypatch):
    monkeypatch.delenv("DYNO", raising=False)


@pytest.fixture
def secure_url(redis_server, redis_url):
    with tls_proxy(redis_server.port) as port:
        yield f"rediss://127.0.0.1:{port}/0"


@pytest.mark.parametrize(("environment", "parameters"), ACCEPTED)
def test_redis_py_connects(secure_url, monkeypatch, environment, parameters):
    for name, value in (environment | {"REDIS_URL": secure_url + parameters}).items():
        monkeypatch.setenv(name, value)

    with redis.Redis.from_url(read_redis_url()) as client:
        assert client.ping()


@pytest.mark.parametrize(("environment", "parameters"), REFUSED)
def test_redis_py_refuses_and_says_why(secure_url, monkeypatch, environment, parameters):
    for name, value in (environment | {"REDIS_URL": secure_url + parameters}).items():
        monkeypatch.setenv(name, value)

    with (
        redis.Redis.from_url(read_redis_url()) as client,
        pytest.raises(redis.ConnectionError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.ping()


@pytest.mark.parametrize(("environment", "parameters"), ACCEPTED)
def test_celery_sends_and_a_worker_takes_and_reports(
    secure_url, redis_server, tmp_path, monkeypatch, environment, parameters
):
    environment = environment | {"REDIS_URL": secure_url + parameters}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    app = configure(Celery("asker", fixups=[], set_as_current=False))
    app.send_task("echo.say", ["rain"], queue="echo")
    app.close()

    with running(tmp_path, *WORKER, "--pool=threads", **environment) as process:
        process.wait_for("said rain")
        with redis.Redis(port=redis_server.port) as client:
            process.wait_until(lambda: read_reports(client), "a report")
            (report,) = read_reports(client)

    assert report.pid == process.popen.pid


def test_a_worker_refuses_it_by_default_and_says_why(secure_url, redis_server, tmp_path):
    """Kombu, left to itself, would have connected."""
    with redis.Redis(port=redis_server.port) as client:
        with running(tmp_path, *WORKER, "--pool=threads", REDIS_URL=secure_url) as process:
            process.wait_for("certificate verify failed")

        assert client.keys() == []
    assert "Cannot connect to rediss://" in process.log()


@pytest.mark.parametrize(
    ("dyno", "given", "expected"),
    [
        ("", "redis://:pw@host:6379/0", "redis://:pw@host:6379/0"),
        ("", "rediss://:pw@host:6379", "rediss://:pw@host:6379?ssl_cert_reqs=required"),
        ("web.1", "rediss://:pw@host:6379", "rediss://:pw@host:6379?ssl_cert_reqs=none"),
        ("web.1", "redis://:pw@host:6379", "redis://:pw@host:6379"),
        (
            "",
            "rediss://host/0?ssl_ca_certs=/etc/ca.pem",
            "rediss://host/0?ssl_ca_certs=%2Fetc%2Fca.pem&ssl_cert_reqs=required",
        ),
        (
            "web.1",
            "rediss://:p%40w@host:6379/1?ssl_cert_reqs=required",
            "rediss://:p%40w@host:6379/1?ssl_cert_reqs=required",
        ),
        ("", "", "redis://127.0.0.1:6379/0"),
    ],
)
def test_the_parameter_is_added_once_and_only_for_tls(monkeypatch, dyno, given, expected):
    monkeypatch.setenv("DYNO", dyno)
    monkeypatch.setenv("REDIS_URL", given)

    assert read_redis_url() == expected


@pytest.mark.parametrize("given", ["rediss://:hunter2/hunter2@host", "redis://hunter2@[host"])
def test_a_url_that_cannot_be_read_is_named_and_not_shown(monkeypatch, given):
    monkeypatch.setenv("REDIS_URL", given)

    with pytest.raises(RedisUrlError, match="REDIS_URL is no URL") as error:
        read_redis_url()
    assert "hunter2" not in str(error.value)
