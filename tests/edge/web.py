"""The web process as the Procfile starts it, on a port and files of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests import ROOT
from tests.edge.honest import get
from tests.process_group import running_group
from tests.system.site import free_port, static_folder, wait_for
from weatherapp.operations.local.procfile import parse_procfile

SITE = "weatheralert.wsgi"


@dataclass
class Web:
    """A running web process."""

    port: int
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        return (self.folder / "web.log").read_text()

    def worker(self) -> psutil.Process:
        """gunicorn's worker; the arbiter is its parent."""
        (worker,) = wait_for("one worker", psutil.Process(self.process.pid).children)
        return worker

    def pss_mb(self) -> float:
        """Arbiter and worker; pages that they share count once."""
        return sum(
            one.memory_full_info().pss / 1024**2
            for one in (psutil.Process(self.process.pid), self.worker())
        )


def make_environment(folder: Path, **more: str) -> dict[str, str]:
    """Production's settings, over plain HTTP."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parent / "as_in_production"),
        "DJANGO_SETTINGS_MODULE": "weatheralert.settings",
        "SECRET_KEY": "tests-only",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_URL": "http://localhost",
        "WEATHER_SOURCE": "replay",
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "VAR_DIR": str(folder),
        "STATIC_ROOT": static_folder().name,
        "TMPDIR": str(temporary),
        "LOG_LEVEL": "INFO",
        **more,
    }


def prepare(environment: dict[str, str]) -> None:
    """Tables and static files, as a release makes them."""
    for command in ("migrate", "collectstatic"):
        subprocess.run(
            [sys.executable, "manage.py", command, "--no-input", "--verbosity", "0"],
            cwd=ROOT,
            env=environment,
            check=True,
        )


@contextmanager
def running_web(
    folder: Path, environment: dict[str, str], *options: str, app: str = SITE
) -> Iterator[Web]:
    """The Procfile's line with `options`; `app` in place of the site."""
    port = free_port()
    line = parse_procfile((ROOT / "Procfile").read_text())["web"].replace(SITE, app)
    words = [*line.split(), "--bind", f"127.0.0.1:{port}", *options]
    with running_group(words, folder / "web.log", environment) as process:
        web = Web(port, folder, environment, process)
        wait_for(f"the web process answers: {folder}/web.log", lambda: get(port, "/health").status)
        yield web
