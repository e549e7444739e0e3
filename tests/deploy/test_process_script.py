"""bin/process: one process of a Procfile, with no shell left before it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import ROOT


@pytest.fixture
def site(tmp_path) -> Path:
    """The script beside a Procfile of the test's."""
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "process", tmp_path / "bin")
    lines = {
        "release": "echo migrated && echo checked",
        "web": "python3 -c 'import os; print(os.getpid(), os.environ.get(\"PORT\"))'",
        "worker": "MODE=quiet exec python3 -c 'import os; print(os.getpid(), os.environ[\"MODE\"])'",
    }
    (tmp_path / "Procfile").write_text("".join(f"{k}: {v}\n" for k, v in lines.items()))
    (tmp_path / "Procfile.other").write_text("web: echo other\n")
    return tmp_path


def start(site: Path, *names: str, **environment: str) -> tuple[int, int, str, str]:
    process = subprocess.Popen(
        [site / "bin" / "process", *names],
        cwd="/",
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    out, err = process.communicate()
    return process.pid, process.returncode, out, err


@pytest.mark.parametrize(("name", "word"), [("web", "8123"), ("worker", "quiet")])
def test_the_process_takes_the_scripts_place(site, name, word):
    pid, status, out, _ = start(site, name, PORT="8123")

    assert status == 0
    assert out.split() == [str(pid), word]


def test_the_release_line_runs_to_its_end(site):
    assert start(site, "release")[2] == "migrated\nchecked\n"


def test_another_procfile_may_be_named(site):
    assert start(site, "web", PROCFILE="Procfile.other")[2] == "other\n"


@pytest.mark.parametrize("names", [["nothing"], []])
def test_a_process_that_is_not_there_is_an_error(site, names):
    _, status, out, err = start(site, *names)

    assert status != 0
    assert out == ""
    assert "process" in err
