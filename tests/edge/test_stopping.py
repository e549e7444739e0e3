"""A worker that stops, or makes room for a new one, waits for nobody who is idle."""

from __future__ import annotations

import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from tests.edge.honest import get
from tests.edge.hostile import attacked
from tests.edge.web import running_web
from tests.system.site import wait_for

pytestmark = pytest.mark.alone


@pytest.mark.parametrize("kind", ["silent", "unfinished head", "slow reader", "never closes"])
def test_hostile_clients_do_not_delay_the_stop(environment, tmp_path, kind):
    with running_web(tmp_path, environment) as web, attacked(web.port, kind, 50):
        get(web.port, "/health")
        began_s = monotonic()
        web.process.send_signal(signal.SIGTERM)
        status = web.process.wait(60)

    assert status == 0
    assert monotonic() - began_s < 15  # gunicorn's --graceful-timeout is 20 s
    assert "Traceback" not in web.log


def test_a_request_that_is_being_answered_is_finished(environment, tmp_path):
    with (
        running_web(tmp_path, environment, app="tests.edge.large_app:app") as web,
        socket.create_connection(("127.0.0.1", web.port), timeout=20) as one,
    ):
        one.sendall(b"GET /20000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        heard = len(one.recv(1000))
        web.process.send_signal(signal.SIGTERM)
        while data := one.recv(65536):
            heard += len(data)
        status = web.process.wait(60)

    assert heard > 20_000_000
    assert status == 0


def test_a_new_worker_takes_over_under_attack(environment, tmp_path):
    options = ("--max-requests", "20", "--max-requests-jitter", "0")
    with running_web(tmp_path, environment, *options) as web:
        first = web.worker().pid
        with attacked(web.port, "unfinished head", 50), ThreadPoolExecutor(4) as clients:
            answers = list(clients.map(lambda _: get(web.port, "/health"), range(45)))
        wait_for("another worker", lambda: web.worker().pid != first)

    assert [answer.status for answer in answers] == [200] * 45
    assert web.log.count("Autorestarting worker") >= 2
