"""bin/post_compile on a copy of the real packages: what is left still predicts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests import ROOT

PACKAGES = Path(sysconfig.get_paths()["purelib"])
OPENED = ("tensorflow", "ai_edge_litert")  # where the script deletes inside a package

PREDICT = """
import json, sys
from predictor import config, contract
from predictor.engine import Engine
from tests.predictor.windows import make_window
runtime = sys.argv[1]
engine = Engine(config.MODELS_FOLDER, config.read_default_model(), runtime)
answer = engine.answer(make_window())
import tensorflow  # all of it, not only the parts that serve
print(json.dumps([len(answer.hourly_probability), tensorflow.__file__]))
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """Links in the packages' place: deleting one leaves the real file alone."""
    copy = tmp_path_factory.mktemp("packages")
    for entry in PACKAGES.iterdir():
        if entry.name in OPENED:
            (copy / entry.name).mkdir()
            for inner in entry.iterdir():
                (copy / entry.name / inner.name).symlink_to(inner)
        else:
            (copy / entry.name).symlink_to(entry)
    return copy


@pytest.fixture(scope="module")
def stripped(packages) -> Path:
    assert (packages / "tensorflow" / "include").exists()
    assert (packages / "clang").exists()
    subprocess.run([ROOT / "bin" / "post_compile", packages], check=True, capture_output=True)
    return packages


def test_what_no_process_needs_is_gone_and_only_from_the_copy(stripped):
    for name in ("tensorflow/include", "clang", "ai_edge_litert/tools"):
        assert not (stripped / name).exists()
        assert (PACKAGES / name).exists()


@pytest.mark.tensorflow
def test_tensorflow_still_imports_and_predicts(stripped):
    done = subprocess.run(
        [sys.executable, "-S", "-c", PREDICT, "tensorflow"],  # -S: not from the real packages
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{stripped}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    hours, loaded_from = json.loads(done.stdout.splitlines()[-1])
    assert hours == 24
    assert loaded_from.startswith(str(stripped))


def test_litert_still_imports(stripped):
    done = subprocess.run(
        [sys.executable, "-S", "-c", "import ai_edge_litert.interpreter as i; print(i.__file__)"],
        env=os.environ | {"PYTHONPATH": str(stripped)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(stripped))
