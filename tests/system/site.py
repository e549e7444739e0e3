"""The real processes of the site, started as `make run` starts them, on ports and files of their own."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

import psutil

from tests import ROOT
from tests.process_group import running_group
from weatherapp.operations.local.procfile import parse_procfile

PROCESSES = ("web", "worker", "beat", "predictor")
PATIENCE_S = 150  # generous: a slow machine is no failure, a thing that never comes is
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.02, 0.2  # what comes at once is seen at once


def wait_for(what: str, found: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """Ask until the answer is true; fails with `what` when it never is."""
    deadline, pause_s = monotonic() + patience_s, SHORTEST_PAUSE_S
    while monotonic() < deadline:
        if answer := found():
            return answer
        sleep(pause_s)  # between two looks, not instead of one
        pause_s = min(1.5 * pause_s, LONGEST_PAUSE_S)
    raise AssertionError(f"in {patience_s} s this never came: {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def static_folder() -> TemporaryDirectory[str]:
    """One a process of pytest: collected once, and never while another process serves from it."""
    return TemporaryDirectory(prefix="weatheralert-static-")


class Site:
    """One site in `folder`; start it as often as you like."""

    def __init__(self, folder: Path, *, procfile: str = "Procfile", **environment: str) -> None:
        self.folder = folder
        self.procfile = procfile
        lines = parse_procfile((ROOT / procfile).read_text())
        self.process_names = [name for name in lines if name in PROCESSES]
        self.port = free_port()
        self.environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "DJANGO_SETTINGS_MODULE": "weatheralert.settings",
            "SECRET_KEY": "tests-only",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "ADMIN_PASSWORD": "tests-only",
            "WEATHER_SOURCE": "replay",
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "VAR_DIR": str(folder),
            "STATIC_ROOT": static_folder().name,
            "PORT": str(self.port),
            "LOG_LEVEL": "INFO",
            "REDIS_URL": "",  # an embedded server, whatever this machine says
            **environment,
        }
        self.log_path = folder / "run.log"

    @contextmanager
    def running(self, *without: str) -> Iterator[Site]:
        """The site, from start to the end of all its processes."""
        try:
            self.start(*without)
            yield self
        finally:
            self.stop()

    def start(self, *without: str) -> None:
        words = [word for name in without for word in ("--without", name)]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run_local", "--procfile", self.procfile, *words],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_for("the site answers", lambda: self.status("/health") == 200)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell the runner to stop; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(60)

    def command(self, *words: str) -> None:
        """A command of manage.py, beside the running site."""
        subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def open(self, path: str) -> tuple[int, str]:
        """Status and text of a page; 0 where nothing answers."""
        url = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def status(self, path: str) -> int:
        return self.open(path)[0]

    def page(self, path: str) -> str:
        status, text = self.open(path)
        assert status == 200, f"{path}: {status}\n{self.log_tail()}"
        return text

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the site's database, by plain SQL."""
        with closing(sqlite3.connect(self.folder / "site.sqlite3", timeout=20)) as database:
            rows = database.execute(statement, values).fetchall()
            database.commit()
        return rows

    def processes(self) -> dict[str, list[psutil.Process]]:
        """Process type -> its processes (web: arbiter and worker; worker: parent and child)."""
        found: dict[str, list[psutil.Process]] = {name: [] for name in self.process_names}
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if name := process_type(process.cmdline()):
                    found[name].append(process)
        return found

    def wait_for_demo(self) -> None:
        """Until the scene has been played to its present."""
        anchored = "SELECT count(*) FROM weatherapp_scene WHERE anchor_real_at IS NOT NULL"
        wait_for("the demo is played to its end", lambda: self.query(anchored) == [(1,)], 300)

    def ready(self) -> int:
        """How many Celery workers have said that they are ready."""
        return len(re.findall(r"@\S+ ready\.", self.log_path.read_text()))

    def log_tail(self) -> str:
        return "\n".join(self.log_path.read_text().splitlines()[-40:])


def process_type(command: list[str]) -> str | None:
    """The word of the Procfile by which a command line can be told; None for other processes."""
    line = " ".join(command)
    if not command or "python" not in Path(command[0]).name:
        return None  # the shells in between
    if "gunicorn" in line:
        return "web" if "--name web" in line else None
    match = re.search(r"--hostname=(worker|predictor)@|dyno\.run_(beat)", line)
    return (match.group(1) or match.group(2)) if match else None


def predictor_beside(site: Site) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A predictor of the Procfile's line, whose life the test holds in its hands."""
    line = parse_procfile((ROOT / "Procfile").read_text())["predictor"]
    return running_group(["/bin/sh", "-c", line], site.log_path, site.environment)


def pss_mb(process: psutil.Process) -> float:
    """Proportional set size: its own pages, and its share of those that others use too."""
    return process.memory_full_info().pss / 1024**2
