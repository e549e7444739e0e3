"""Real processes take what follows a message that they cannot work on."""

from __future__ import annotations

import json
import os
import sys
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import time
from uuid import uuid4

import pytest
import redis

from dyno.poison import clear_poisoned, read_poisoned
from predictor import contract, messages
from tests import ROOT
from tests.dyno.messages import NO_MESSAGES, NO_WORK, Make, Task, good, pack
from tests.predictor.windows import make_window
from tests.process_group import running_group
from tests.system.site import wait_for
from weatherapp.operations.local.procfile import parse_procfile
from weatherapp.operations.local.redis_server import RedisServer

pytestmark = pytest.mark.system
ENVIRONMENT = {
    "SECRET_KEY": "tests-only",
    "ALLOWED_HOSTS": "localhost",
    "WEATHER_SOURCE": "replay",
    "LOG_LEVEL": "INFO",
    "PREDICTOR_RUNTIME": "litert",
    "DJANGO_SETTINGS_MODULE": "weatheralert.settings",
}
ANSWERS = "answers"
TASKS = {
    "worker": Task("weatherapp.tasks.record_predictions", "default", {}, []),
    "predictor": Task(contract.TASK_NAME, contract.SCHEDULE_QUEUE, {}),
}


class Process:
    """One line of the Procfile at work on a Redis of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.task = TASKS[name]
        self.log_path = folder / "log"
        self.folder = folder

    def __enter__(self) -> Process:
        self.redis = RedisServer(self.folder / "redis.log").__enter__()
        self.client = redis.Redis.from_url(self.redis.url)
        line = parse_procfile((ROOT / "Procfile").read_text())[self.name]
        environment = os.environ | ENVIRONMENT
        environment |= {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "REDIS_URL": self.redis.url,
            "DATABASE_URL": f"sqlite:///{self.folder}/site.sqlite3",
            "VAR_DIR": str(self.folder),
        }
        if self.name == "worker":
            with running_group(
                [sys.executable, "manage.py", "migrate"], self.folder / "migrate.log", environment
            ) as migration:
                assert migration.wait(120) == 0
        self.group = running_group(["/bin/sh", "-c", line], self.log_path, environment)
        self.popen = self.group.__enter__()
        wait_for("the process is ready", lambda: " ready." in self.log())
        return self

    def __exit__(self, *error: object) -> None:
        self.group.__exit__(None, None, None)
        self.client.close()
        self.redis.__exit__(None, None, None)

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    def put(self, raw: bytes) -> None:
        self.client.lpush(self.task.queue, raw)

    def make_good(self) -> tuple[bytes, str]:
        """A message, and the id by which its work is known."""
        request_id = str(uuid4())
        if self.name == "worker":
            refusal = {"outcome": "REFUSED", "error": request_id, "message": "y"}
            said = {"answers": [{**refusal, "request_id": request_id}]}
            return good(replace(self.task, args=[said])), request_id
        question = messages.make_message({request_id: make_window().to_wire()}, None)
        answer = {"task": "keep", "args": [], "kwargs": {}, "options": {"queue": ANSWERS}}
        body = pack([[], question, {"callbacks": [answer]}])
        return good(self.task, body=body), request_id

    def has_worked_on(self, request_id: str) -> bool:
        if self.name == "worker":
            return f"Answers to requests that nobody asked: {request_id}" in self.log()
        answers = [json.loads(text) for text in self.client.lrange(ANSWERS, 0, -1)]
        said = [json.loads(b64decode(answer["body"]))[0][0] for answer in answers]
        outcomes = [
            (one["request_id"], one["outcome"]) for message in said for one in message["answers"]
        ]
        return (request_id, "ANSWERED") in outcomes

    def work_on_another(self) -> None:
        raw, request_id = self.make_good()
        self.put(raw)
        wait_for("a good message is worked on", lambda: self.has_worked_on(request_id))

    @property
    def unacked(self) -> str:
        return contract.UNACKED_KEY if self.name == "predictor" else "unacked"

    def leave_behind(self, **held: bytes) -> None:
        """As a process that died long ago."""
        self.client.hset(self.unacked, mapping=held)
        self.client.zadd(f"{self.unacked}_index", {tag: time() - 100_000 for tag in held})


@pytest.fixture(scope="module", params=["worker", "predictor"])
def process(request, tmp_path_factory) -> Iterator[Process]:
    with Process(request.param, tmp_path_factory.mktemp(request.param)) as process:
        yield process


@pytest.mark.parametrize("make", [*NO_MESSAGES, *NO_WORK])
def test_a_poisoned_message_is_kept_aside_and_the_next_is_worked_on(process: Process, make: Make):
    clear_poisoned(process.client)
    before = len(process.log())
    raw = make(process.task)

    process.put(raw)
    process.work_on_another()

    found = read_poisoned(process.client)
    assert found.count == 1
    (poisoned,) = found.newest
    assert (poisoned.queue, poisoned.process_type) == (process.task.queue, process.name)
    said = process.log()[before:]
    assert said.count("Rejected a message") == 1
    assert "Traceback" not in said
    assert "\n2026-01-01" not in said
    assert "\nforged" not in said
    assert len(said) < 5000
    wait_for("nothing is held", lambda: process.client.hlen(process.unacked) == 0)
    assert process.log().count(" ready.") == 1
    assert process.popen.poll() is None


def test_what_a_dead_process_held_is_worked_on_and_what_is_no_message_kept_aside(process: Process):
    clear_poisoned(process.client)
    raw, request_id = process.make_good()
    headless = [json.loads(good(process.task, headers=None)), "", process.task.queue]
    process.leave_behind(
        a=b"5",
        b=b"\xff",
        c=json.dumps(headless).encode(),
        d=json.dumps([json.loads(raw), "", process.task.queue]).encode(),
    )

    wait_for("the good one is worked on", lambda: process.has_worked_on(request_id))

    assert read_poisoned(process.client).count == 3
    process.work_on_another()
    wait_for("nothing is held", lambda: process.client.hlen(process.unacked) == 0)
    assert process.popen.poll() is None


@pytest.mark.parametrize("options", [5, {"queue": 5}, {"queue": "a" * 10}], ids=str)
def test_a_callback_that_cannot_be_sent_ends_its_task_alone(process: Process, options: object):
    raw, _ = process.make_good()
    message = json.loads(raw)
    args, kwargs, _ = json.loads(b64decode(message["body"]))
    callback = {"task": "keep", "args": [], "kwargs": {}, "options": options}
    message["body"] = pack([args, kwargs, {"callbacks": [callback]}])

    process.put(json.dumps(message).encode())
    process.work_on_another()

    wait_for("nothing is held", lambda: process.client.hlen(process.unacked) == 0)
    assert process.popen.poll() is None
