"""A worker that is killed while it stores loses nothing and halves nothing: real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.official.storing_process import COUNT

pytestmark = pytest.mark.slow
ALL = f"{COUNT} {COUNT} {COUNT} 0 {COUNT}"  # as say() counts


@pytest.fixture
def run(tmp_path: Path):
    """A process on a database of its own; how it ended, and what it printed."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_DATABASE": "",
        "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
    }

    def run(call: str) -> tuple[int, str]:
        code = f"from tests.official import storing_process as do; do.{call}"
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        return done.returncode, done.stdout

    return run


@pytest.mark.parametrize(
    ("die_in", "left"),
    [("storing", "0 0 0 0 0"), ("owing", f"{COUNT} {COUNT} {COUNT} {COUNT} 0")],
)
def test_a_killed_worker_loses_nothing_and_halves_nothing(run, die_in, left):
    run("prepare()")

    assert run(f"work(die_in='{die_in}')")[0] == -signal.SIGKILL
    assert run("say()")[1] == left

    assert run("work()")[0] == 0
    assert run("say()")[1] == ALL
