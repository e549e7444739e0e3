"""The contenders: how each is started and asked."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import redis
from celery import Celery

from bench.measure import Ask
from dyno.broker import configure
from predictor import contract, messages
from tests import ROOT
from tests.predictor.windows import make_window
from tests.process_group import running_group
from tests.system.site import wait_for
from weatherapp.operations.local.procfile import parse_procfile
from weatherapp.operations.local.redis_server import RedisServer

MESSAGE = make_window().to_wire()
ANSWER_S = 60


@dataclass(frozen=True)
class Running:
    """A contender that accepts requests; `connect` makes one more client."""

    pid: int
    connect: Callable[[], Ask]


@contextmanager
def run_queue(runtime: str) -> Iterator[Running]:
    """The Procfile's predictor, asked as the site asks: a Celery message there, another back."""
    line = parse_procfile((ROOT / "Procfile").read_text())["predictor"]
    with TemporaryDirectory() as folder, RedisServer(Path(folder) / "redis.log") as server:
        log = Path(folder) / "predictor.log"
        environment = {"REDIS_URL": server.url, "PREDICTOR_RUNTIME": runtime, "LOG_LEVEL": "INFO"}
        with _process(["/bin/sh", "-c", line], log, **environment) as process:
            wait_for("the predictor is ready", lambda: "Answers with" in log.read_text())
            number = count()
            yield Running(
                process.pid, lambda: _connect_to_queue(server.url, f"answers-{next(number)}")
            )


@contextmanager
def run_http(*command: str) -> Iterator[Running]:
    """A service on PORT, which stands in the command."""
    port = _free_port()
    with TemporaryDirectory() as folder:
        words = [word.replace("PORT", str(port)) for word in command]
        log = Path(folder) / "service.log"
        with _process([sys.executable, "-m", *words], log) as process:
            wait_for("the service listens", lambda: _listens(port, process, log))
            yield Running(process.pid, lambda: _connect_to_http(port))


def _connect_to_queue(redis_url: str, answers: str) -> Ask:
    client = redis.Redis.from_url(redis_url, socket_timeout=2 * ANSWER_S)
    app = configure(Celery("asker", set_as_current=False))
    app.conf.broker_url = redis_url
    link = app.signature("keep_answer", queue=answers)
    number = count()

    def ask() -> None:
        request_id = f"{answers}-{next(number)}"
        app.send_task(
            contract.TASK_NAME,
            kwargs=messages.make_message({request_id: MESSAGE}, None),
            queue=contract.PEOPLE_QUEUE,
            link=link,
        )
        if client.brpop([answers], timeout=ANSWER_S) is None:
            raise TimeoutError(f"no answer to {request_id}")

    return ask


def _connect_to_http(port: int) -> Ask:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    body = json.dumps(MESSAGE)
    headers = {"Content-Type": "application/json"}

    def ask() -> None:
        connection.request("POST", "/predict", body, headers)
        answer = connection.getresponse()
        probabilities = json.loads(answer.read())["probabilities"]
        if len(probabilities) != contract.LEAD_HOURS + 2:
            raise ValueError(f"{answer.status}: {probabilities}")

    return ask


def _process(
    command: list[str], log_path: Path, **environment: str
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """In a group: LitServe leaves its children behind."""
    given = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        **environment,
    }
    return running_group(command, log_path, os.environ | given)


def _listens(port: int, process: subprocess.Popen, log_path: Path) -> bool:
    if process.poll() is not None:
        raise RuntimeError(log_path.read_text()[-2000:])
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
