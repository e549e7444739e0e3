"""Memory after much work: it does not grow."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bench.memory_goals import PREDICTOR_ALONE_MB
from predictor.runtimes import RUNTIMES
from tests import ROOT

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.alone,
    pytest.mark.skipif(sys.platform != "linux", reason="measures as Linux counts"),
]

LIMIT_BYTES = PREDICTOR_ALONE_MB * 1024 * 1024
LIMITS = {  # what to write where, in control groups of version 1 and of version 2
    Path("/sys/fs/cgroup/memory"): {"memory.limit_in_bytes": LIMIT_BYTES, "memory.swappiness": 0},
    Path("/sys/fs/cgroup"): {"memory.max": LIMIT_BYTES, "memory.swap.max": 0},
}


@pytest.fixture
def play(capsys):
    """Run a scene of memory_process; what it measured, shown in the test's output."""

    def play_scene(runtime, scene, count, *folder, before=None):
        command = [sys.executable, "-m", "tests.predictor.memory_process", runtime, scene]
        done = subprocess.run(
            [*command, str(count), *map(str, folder)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            preexec_fn=before,
        )
        assert done.returncode == 0, f"status {done.returncode}: {done.stderr[-2000:]}"
        measured = json.loads(done.stdout.splitlines()[-1])
        with capsys.disabled():
            shown = "  ".join(f"{name} {value:.1f}" for name, value in measured.items())
            sys.stdout.write(f"\n  {runtime}, {scene} {count}:  {shown}\n")
        return measured

    return play_scene


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_twenty_thousand_answers_take_no_memory(play, runtime):
    measured = play(runtime, "soak", 20_000)

    assert measured["after_mb"] - measured["before_mb"] < 2


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_fifty_switches_of_the_model_take_no_memory(play, two_models, runtime):
    measured = play(runtime, "switch", 50, two_models)

    assert measured["after_mb"] - measured["before_mb"] < 5


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_an_unloaded_model_gives_memory_back_and_can_return(play, runtime):
    measured = play(runtime, "idle", 100)

    assert measured["unloaded_mb"] < measured["loaded_mb"]
    assert measured["again_mb"] < measured["loaded_mb"] + 5


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_it_works_on_in_a_machine_of_256_mb_without_swap(play, runtime):
    with limited_machine() as enter:
        measured = play(runtime, "work", 2_000, before=enter)

    if enter is not None:
        assert measured["limit_mb"] == PREDICTOR_ALONE_MB
    # Where no group can be made this alone is known: what can never be given back leaves room.
    assert measured["anonymous_mb"] < PREDICTOR_ALONE_MB / 2


@contextmanager
def limited_machine():
    """A function that puts the calling process into a control group of PREDICTOR_ALONE_MB.

    None where the user may not make one.
    """
    root = next((root for root in LIMITS if root.is_dir()), Path("/there/are/none"))
    group = root / f"weather-alert-test-{os.getpid()}"
    try:
        group.mkdir()
        for name, value in LIMITS[root].items():
            (group / name).write_text(str(value))
    except OSError:
        with suppress(OSError):
            group.rmdir()
        yield None
        return
    try:
        yield lambda: (group / "cgroup.procs").write_text("0")
    finally:
        group.rmdir()
