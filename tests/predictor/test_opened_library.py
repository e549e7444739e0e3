"""TensorFlow's library is opened without holding all of it at once."""

import mmap
import os
import re
import subprocess
import sys
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from bench.memory_goals import PEAK_MB
from predictor.runtimes import opened_library
from predictor.runtimes.opened_library import LOOK_S, memory_held_down, open_library
from tests import ROOT
from tests.dyno.test_trim import resident_bytes
from tests.system.site import wait_for

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has MADV_PAGEOUT")

LOAD = """
from predictor import config
from predictor.engine import Engine
from tests.predictor.windows import make_window
Engine(config.MODELS_FOLDER, "rain_mini", "tensorflow").answer(make_window())
"""
SIZE = 16 * 2**20  # bytes


@on_linux
@pytest.mark.tensorflow
@pytest.mark.alone
def test_the_first_answer_stays_below_the_goal_all_the_time():
    process = subprocess.Popen([sys.executable, "-c", LOAD], cwd=ROOT, env={})

    highest_mb = watch_until_it_ends(process)

    assert process.returncode == 0
    assert 100 < highest_mb < PEAK_MB["tensorflow"]["predictor"]


def watch_until_it_ends(process):
    """The highest of a hundred looks a second, in MB.

    From without: within, nothing runs while Python imports. Pages that some other process holds
    cannot be given back, and are not this one's: another test's TensorFlow may be there.
    """
    highest_mb = 0.0
    while process.returncode is None:
        with suppress(OSError):  # it ends
            highest_mb = max(highest_mb, private_mb(process.pid))
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.01)
    return highest_mb


def private_mb(pid):
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(map(int, re.findall(r"^Private_(?:Clean|Dirty): +(\d+) kB", text, re.M))) / 1024


@on_linux
@pytest.mark.slow
@pytest.mark.alone
def test_what_is_above_the_ceiling_is_given_back_while_it_lasts(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.write(os.urandom(SIZE))
        file.flush()
        os.fsync(file.fileno())
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped,
        memory_held_down(ceiling_mb=0),
    ):
        assert len(mapped[:]) == SIZE  # touches every page

        wait_for("the pages are given back", lambda: resident_bytes(path) < SIZE / 10, 30)


def test_where_it_does_not_help_it_is_tried_ever_rarer(monkeypatch):
    tries_s = []
    monkeypatch.setattr(opened_library, "trim_files", lambda: tries_s.append(monotonic()))

    with memory_held_down(ceiling_mb=0):
        wait_for("some tries", lambda: len(tries_s) >= 5, 30)

    pauses_s = [after - before for before, after in pairwise(tries_s[:5])]
    assert all(pause_s >= 2**n * LOOK_S for n, pause_s in enumerate(pauses_s, start=1))


def test_below_the_ceiling_nothing_is_done(monkeypatch):
    looks, tries = [], []
    monkeypatch.setattr(opened_library, "memory_mb", lambda: float(looks.append(0) or 10))
    monkeypatch.setattr(opened_library, "trim_files", lambda: tries.append(0))

    with memory_held_down(ceiling_mb=20):
        wait_for("some looks", lambda: len(looks) >= 3, 30)

    assert tries == []


def test_a_folder_without_the_library_is_none_of_its_business(tmp_path):
    assert not open_library(tmp_path)


def test_a_library_that_cannot_be_opened_is_left_to_the_import(library):
    assert not open_library(library)


@pytest.mark.parametrize("error", [AttributeError("dlopen"), OSError(), RuntimeError("threads")])
def test_where_the_means_are_missing_it_is_left_to_the_import(library, monkeypatch, error):
    def find_none():
        raise error

    monkeypatch.setattr(opened_library, "_find_dlopen", find_none)

    assert not open_library(library)


@pytest.fixture
def library(tmp_path):
    """A folder with one that is none."""
    (tmp_path / "libtensorflow_cc.so.2").write_bytes(b"no library")
    return tmp_path
