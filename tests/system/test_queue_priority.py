"""The real predictor on a real broker: people first, and the schedule never starves."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from celery import Celery, signature
from kombu import pools

from dyno.broker import configure
from predictor import contract, messages
from predictor.contract import PEOPLE_QUEUE, SCHEDULE_QUEUE
from tests import ROOT
from tests.forecasting.asking.test_priority import answer_all
from tests.predictor.windows import make_window
from tests.process_group import running_group
from tests.system.site import wait_for
from weatherapp.operations.local.procfile import parse_procfile
from weatherapp.operations.local.redis_server import RedisServer

pytestmark = pytest.mark.tensorflow
ANSWERS = "answers"  # nobody takes from it: the order of the messages is that of the answers


@pytest.fixture
def broker(tmp_path):
    with RedisServer(tmp_path / "redis.log") as server:
        yield server


@pytest.fixture
def ask(broker, monkeypatch):
    """Puts requests on the queue, as the site does; their ids begin with P or S."""
    monkeypatch.setenv("REDIS_URL", broker.url)
    app = configure(Celery("asks", set_as_current=False))
    window, count = make_window().to_wire(), iter(range(10_000))

    def send(queue):
        request_id = f"{'P' if queue == PEOPLE_QUEUE else 'S'}{next(count)}"
        app.send_task(
            contract.TASK_NAME,
            kwargs=messages.make_message({request_id: window}, None),
            task_id=request_id,
            queue=queue,
            link=signature("record", app=app, queue=ANSWERS),
        )

    yield send
    pools.reset()


@contextmanager
def predictor(broker, folder):
    line = parse_procfile((ROOT / "Procfile").read_text())["predictor"]
    environment = os.environ | {
        "REDIS_URL": broker.url,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    with running_group(["/bin/sh", "-c", line], folder / "predictor.log", environment) as process:
        yield
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def answered(client):
    """P and S in the order of the answers."""
    newest_first = client.lrange(ANSWERS, 0, -1)
    return "".join(json.loads(raw)["headers"]["parent_id"][0] for raw in reversed(newest_first))


def test_people_are_answered_first_and_every_fourth_turn_is_the_schedules(broker, ask, tmp_path):
    for _ in range(8):
        ask(SCHEDULE_QUEUE)
    for _ in range(13):
        ask(PEOPLE_QUEUE)

    with predictor(broker, tmp_path), redis.Redis.from_url(broker.url) as client:
        wait_for("all are answered", lambda: client.llen(ANSWERS) == 21)

        assert answered(client) == answer_all(13, 8)


def test_the_schedule_moves_on_under_a_constant_stream_of_people(broker, ask, tmp_path):
    scheduled = 40
    for _ in range(scheduled):
        ask(SCHEDULE_QUEUE)

    with predictor(broker, tmp_path), redis.Redis.from_url(broker.url) as client:

        def keep_asking():
            for _ in range(60 - client.llen(PEOPLE_QUEUE)):
                ask(PEOPLE_QUEUE)
            return client.llen(SCHEDULE_QUEUE) == 0

        wait_for("the schedule is done", keep_asking)
        wait_for("its answers are there", lambda: answered(client).count("S") == scheduled)
        order = answered(client)

        assert client.llen(PEOPLE_QUEUE) > 0, "people never stopped asking"
        people_meanwhile = order[: order.rindex("S")].count("P")
        assert 2 * scheduled <= people_meanwhile <= 3 * scheduled
