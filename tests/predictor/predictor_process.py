"""A real predictor, as the Procfile starts it, and what it answers through a real broker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64decode
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import redis
from celery import Celery

from dyno.broker import configure
from predictor import contract, messages
from tests import ROOT
from tests.predictor.windows import make_window
from tests.process_group import running_group
from tests.system.site import wait_for
from weatherapp.operations.local.procfile import parse_procfile

ANSWERS = "answers"
LINE = parse_procfile((ROOT / "Procfile").read_text())["predictor"]


class Predictor:
    """Start it as often as you like; what was asked before waits in the broker."""

    def __init__(self, redis_url: str, folder: Path, **environment: str) -> None:
        self.client = redis.Redis.from_url(redis_url)
        self.log_path = folder / "predictor.log"
        self.environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "REDIS_URL": redis_url,
            "LOG_LEVEL": "INFO",
            "PREDICTOR_RUNTIME": "litert",
            **environment,
        }
        self.app = configure(Celery("asker", set_as_current=False))
        self.app.conf.broker_url = redis_url

    def running(self) -> AbstractContextManager[subprocess.Popen[bytes]]:
        """One process, which is dead afterwards."""
        return running_group(["/bin/sh", "-c", LINE], self.log_path, self.environment)

    def ask(self, request_id: str, **changes: Any) -> None:
        """Put a request on the schedule's queue."""
        message = messages.make_message({request_id: make_window().to_wire()}, None)
        self.app.send_task(
            contract.TASK_NAME,
            kwargs={**message, **changes},
            task_id=request_id,
            queue=contract.SCHEDULE_QUEUE,
            link=self.app.signature("keep_answer", queue=ANSWERS),
        )

    def answers(self) -> list[dict[str, Any]]:
        """What has come back so far, newest first."""
        raw = [json.loads(text) for text in self.client.lrange(ANSWERS, 0, -1)]
        said = [json.loads(b64decode(message["body"]))[0][0] for message in raw]
        return [answer for message in said for answer in message["answers"]]

    def wait_for_answers(self, count: int) -> list[dict[str, Any]]:
        wait_for(f"{count} answers", lambda: len(self.answers()) >= count)
        return self.answers()

    def log(self) -> str:
        return self.log_path.read_text()
