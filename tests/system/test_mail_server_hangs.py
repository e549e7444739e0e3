"""A mail server that accepts and stays silent holds up nothing that comes in: real processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from time import monotonic

import pytest
from kombu import pools

from tests import ROOT
from tests.delivery.mail_server import DRIP, STAY_SILENT, MailServer
from tests.process_group import running_group
from tests.system.site import Site, wait_for
from tests.system.ticks import Ticks
from weatheralert.beat import app as clock
from weatherapp.operations.local.procfile import parse_procfile
from weatherapp.operations.local.redis_server import RedisServer

OWED = 120  # mails
PATIENCE_S = float(os.environ.get("MAIL_PATIENCE_S", "60"))
TICK_S = 60
MAIL_TICK = "send_mails"


@pytest.fixture
def mail_server():
    with MailServer() as server:
        yield server


@pytest.fixture
def broker(tmp_path):
    with RedisServer(tmp_path / "redis.log") as server:
        yield server
        pools.reset()


def do(site, call):
    """What a function of late_place prints, run beside the site."""
    code = f"from tests.system import late_place; late_place.{call}"
    words = (sys.executable, "manage.py", "shell", "--no-imports", "-c", code)
    return subprocess.run(
        words, cwd=ROOT, env=site.environment, check=True, capture_output=True, text=True
    ).stdout


@contextmanager
def worker(site):
    line = parse_procfile((ROOT / "Procfile").read_text())["worker"]
    with running_group(["/bin/sh", "-c", line], site.log_path, site.environment):
        wait_for("the worker is ready", site.ready)
        yield


class Clock(Ticks):
    """All ticks of each minute, as beat sends them."""

    def __init__(self, redis_url):
        super().__init__(redis_url)
        self.next_at = monotonic()

    def send_when_due(self):
        if monotonic() >= self.next_at:
            self.next_at += TICK_S
            self.send()


@pytest.mark.parametrize(
    ("answer", "settings"),
    [
        pytest.param(STAY_SILENT, {}, id="silent"),
        pytest.param(
            DRIP, {"MAIL_SECONDS_IN_A_ROW": "2", "MAIL_LIMIT_SECONDS": "5"}, id="dripping"
        ),
    ],
)
def test_due_place_is_fetched_while_the_mail_server_does_not_answer(
    tmp_path, broker, mail_server, answer, settings
):
    host, port = mail_server.server_address
    mail_server.answers["GREETING"] = answer
    address = f"smtp://{host}:{port}"
    site = Site(tmp_path, REDIS_URL=broker.url, EMAIL_URL=address, **settings)
    place_id = do(site, f"prepare({OWED})")
    with worker(site):
        Ticks(broker.url).send(MAIL_TICK)
        wait_for("the worker waits for the mail server", lambda: mail_server.connections)
        do(site, f"make_due({place_id})")
        due_since, ticks = monotonic(), Clock(broker.url)

        def is_fetched():
            ticks.send_when_due()
            return site.query("SELECT fetched_at FROM weatherapp_place")[0][0]

        wait_for("the due place is fetched", is_fetched, PATIENCE_S)
        sys.stdout.write(f"{answer}: fetched {monotonic() - due_since:.1f} s after it was due\n")
        wait_for("the mail server is left alone", lambda: is_left_alone(site))
        wait_for("every tick was run", lambda: set(clock.conf.beat_schedule) <= succeeded(site))

    assert "Discarding revoked task" not in site.log_path.read_text(), "none came too late"
    assert site.query("SELECT DISTINCT state, attempts FROM weatherapp_delivery") == [
        ("PENDING", 0)
    ]


def succeeded(site):
    """Names of the tasks that the worker says it has done."""
    return set(re.findall(r"weatherapp\.tasks\.(\w+)\[\S+\] succeeded", site.log_path.read_text()))


def is_left_alone(site):
    return site.query("SELECT 1 FROM weatherapp_outgoingserver WHERE failures = 1")
