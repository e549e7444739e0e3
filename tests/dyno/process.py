"""A process as the Procfile starts it, and what it logs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tests import ROOT

PATIENCE_S = 60

WORKER = ("dyno.run_worker", "tests.dyno.echo_app", "--queues=echo", "--hostname=worker@%h")
BEAT = ("dyno.run_beat", "weatheralert.beat")


class RunningProcess:
    """`python -m words`, its log in a file."""

    def __init__(self, log_path: Path, words: tuple[str, ...], environment: dict[str, str]) -> None:
        self.log_path = log_path
        with log_path.open("wb") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=ROOT,
                env=os.environ | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def log(self) -> str:
        return self.log_path.read_text()

    def records(self) -> list[dict[str, Any]]:
        """The log's JSON lines."""
        return [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]

    def wait_for(self, text: str) -> None:
        """Until the log holds it."""
        self.wait_until(lambda: text in self.log(), text)

    def wait_until(
        self, found: Callable[[], Any], what: str, patience_s: float = PATIENCE_S
    ) -> Any:
        """Ask until the answer is true, while the process lives."""
        deadline = monotonic() + patience_s
        while not (answer := found()):
            assert self.popen.poll() is None, (
                f"ended ({self.popen.poll()}) without {what}:\n{self.log()}"
            )
            assert monotonic() < deadline, f"never {what}:\n{self.log()}"
            sleep(0.05)  # between two looks, not instead of one
        return answer

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.popen.terminate()
        return self.popen.wait(PATIENCE_S)


@contextmanager
def running(folder: Path, *words: str, **environment: str) -> Iterator[RunningProcess]:
    process = RunningProcess(folder / "log", words, environment)
    try:
        yield process
    finally:
        process.popen.kill()
        process.popen.wait()
