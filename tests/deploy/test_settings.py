"""What the environment says about secrets, limits and folders, read by a fresh interpreter."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

pytestmark = pytest.mark.slow

READ = (
    "import json; from weatheralert import settings as s;"
    "print(json.dumps([s.SECRET_KEY_FALLBACKS, s.SUPPRESSION_KEY, s.SUBSCRIBE_CLIENT_HOUR,"
    " str(s.STATIC_ROOT)]))"
)
STATIC = str(ROOT / "staticfiles")


def read(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    required = {"SECRET_KEY": "new", "ALLOWED_HOSTS": "localhost", "VAR_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", READ],
        cwd=ROOT,
        env=required | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "fallbacks", "suppression_key"),
    [
        pytest.param({}, [], "new", id="one key"),
        pytest.param({"SECRET_KEY_FALLBACKS": "old"}, ["old"], "old", id="rotated"),
        pytest.param(
            {"SECRET_KEY_FALLBACKS": "old, oldest,"}, ["old", "oldest"], "oldest", id="twice"
        ),
        pytest.param({"SUPPRESSION_KEY": "first"}, [], "first", id="rotated, old key dropped"),
    ],
)
def test_rotated_secrets_are_read(tmp_path, environment, fallbacks, suppression_key):
    answer = read(tmp_path, **environment)

    assert json.loads(answer.stdout) == [fallbacks, suppression_key, 10, STATIC], answer.stderr


@pytest.mark.parametrize(
    ("given", "expected"), [("/srv/static", "/srv/static"), ("", STATIC)], ids=["named", "empty"]
)
def test_static_files_are_collected_where_it_is_said(tmp_path, given, expected):
    answer = read(tmp_path, STATIC_ROOT=given)

    assert json.loads(answer.stdout)[-1] == expected, answer.stderr


@pytest.mark.parametrize(
    ("value", "words"), [("0", "at least 1"), ("-1", "a whole number"), ("many", "a whole number")]
)
def test_limit_of_nothing_stops_the_start(tmp_path, value, words):
    answer = read(tmp_path, SUBSCRIBE_CLIENT_HOUR=value)

    assert answer.returncode != 0
    assert f"SUBSCRIBE_CLIENT_HOUR must be {words}" in answer.stderr
