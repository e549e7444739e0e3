"""TensorFlow in parts: what stays out of memory, and what happens where the parts fail."""

import json
import re
import subprocess
import sys

import pytest

from predictor.runtimes import partial_tensorflow
from tests import ROOT

pytestmark = pytest.mark.tensorflow

OWN_LINE = re.compile(r"\d{4}-\d\d-\d\d \S+ (?P<level>[A-Z]+) \w+\[\d+\] [\w.]+: ")

START = """
import dataclasses, json, logging.config, sys
from dyno.logs import logging_config
from predictor.runtimes import partial_tensorflow as partial
logging.config.dictConfig(logging_config())
"""
SERVE = """
from predictor import config
from predictor.engine import Engine
from tests.predictor.windows import make_window
answer = Engine(config.MODELS_FOLDER, "rain_mini", "tensorflow").answer(make_window())
"""
TELL = """
print(json.dumps({"answer": answer.probability_any_24h, "modules": sorted(sys.modules)}))
"""

# Ways in which another release of TensorFlow may differ, each a few lines before SERVE.
MOVED_MODULE = 'partial.PLACES["Session"] = ("python.client.elsewhere", "Session")'
MOVED_NAME = 'partial.PLACES["Graph"] = ("python.framework.ops", "OtherGraph")'
RAISES_ONCE = """
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "tensorflow.python.saved_model.loader_impl":
            sys.meta_path.remove(self)
            raise RuntimeError("not in this order")
sys.meta_path.insert(0, Finder())
"""
NO_STAND_IN = """
def refuse(spec):
    raise TypeError("this package cannot stand in")
partial.module_from_spec = refuse
"""
WORKS_ONLY_WHOLE = """
import predictor.runtimes.tensorflow as runtime
def load(session, tags, folder):
    raise LookupError("no proto function registered")
runtime._parts[0] = dataclasses.replace(runtime._parts[0], load_saved_model=load)
"""
NOT_AHEAD = "partial.open_library = lambda folder: False"
CANNOT_OPEN = """
def refuse(folder):
    raise PermissionError("this library is closed")
partial.open_library = refuse
"""
BREAKS = {
    "the library cannot be opened": (CANNOT_OPEN, "PermissionError: this library is closed"),
    "a module moved": (MOVED_MODULE, "ModuleNotFoundError: No module named"),
    "a name moved": (MOVED_NAME, "AttributeError: module"),
    "a part raises": (RAISES_ONCE, "RuntimeError: not in this order"),
    "nothing may stand in": (NO_STAND_IN, "TypeError: this package cannot stand in"),
    "the parts import and do not load": (WORKS_ONLY_WHOLE, "LookupError: no proto function"),
}


def run_program(program):
    """What a fresh interpreter prints as JSON, and its lines on stderr.

    The environment says nothing of TensorFlow's logging.
    """
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr.splitlines()


@pytest.fixture(scope="module")
def in_parts():
    """What a process that works as it should prints, and its lines on stderr."""
    return run_program(START + SERVE + TELL)


def test_tensorflow_serves_without_most_of_itself(in_parts):
    modules = set(in_parts[0]["modules"])

    assert "tensorflow.python.client.session" in modules
    assert not {"tensorflow._api", "keras", "h5py", "requests"} & modules


def test_a_load_and_an_answer_write_their_own_line_and_no_other(in_parts):
    (line,) = in_parts[1]

    assert OWN_LINE.match(line)["level"] == "INFO"
    assert "predictor.engine: Loaded rain_mini" in line


def test_a_library_that_is_not_opened_ahead_is_loaded_by_its_import(in_parts):
    told, lines = run_program(START + NOT_AHEAD + SERVE + TELL)

    assert told == in_parts[0]
    assert ["WARNING" in line for line in lines] == [False]


@pytest.mark.parametrize(("breaking", "reason"), BREAKS.values(), ids=BREAKS)
def test_where_the_parts_fail_the_whole_answers_the_same_and_says_so_once(
    in_parts, breaking, reason
):
    told, lines = run_program(START + breaking + SERVE + TELL)

    assert told["answer"] == pytest.approx(in_parts[0]["answer"], abs=1e-6)
    assert "tensorflow._api" in told["modules"]
    warning, loaded = lines
    assert OWN_LINE.match(warning)["level"] == "WARNING"
    assert f"its parts fail alone ({reason}" in warning
    assert "predictor.engine: Loaded rain_mini" in loaded


def test_what_neither_way_can_load_is_an_error_and_the_whole_is_imported_once():
    program = """
from pathlib import Path
import predictor.runtimes.tensorflow as runtime
for _ in range(2):
    try:
        runtime.load(Path("nowhere"), "saved_model", ())
    except OSError as error:
        told = str(error)
print(json.dumps(told))
"""
    told, lines = run_program(START + program)

    assert "nowhere/saved_model" in told
    assert ["WARNING" in line for line in lines] == [True]


def test_whoever_needs_all_of_tensorflow_afterwards_gets_it():
    value, version = run_program(
        START
        + SERVE
        + "import tensorflow as tf\n"
        + "print(json.dumps([float(tf.constant(2.0) * 3), tf.__version__]))"
    )[0]

    assert value == 6.0
    assert version[0].isdigit()


def test_looking_at_the_package_does_not_import_it():
    is_whole, _ = run_program(
        START
        + SERVE
        + "import inspect\n"
        + "tensorflow = sys.modules['tensorflow']\n"
        + "inspect.getmodule(tensorflow), hasattr(tensorflow, '__warningregistry__')\n"
        + "print(json.dumps('tensorflow._api' in sys.modules))"
    )

    assert is_whole is False


def test_without_the_package_there_is_an_import_error_and_no_warning(monkeypatch, caplog):
    monkeypatch.setattr(partial_tensorflow, "PACKAGE", "no_such_package")

    with pytest.raises(ImportError, match="no_such_package"):
        partial_tensorflow.import_parts()
    assert caplog.records == []
