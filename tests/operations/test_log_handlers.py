"""Every record of the site's own process goes through one handler, whose format hides secrets."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests import ROOT

PROGRAM = """
import json, logging, django
django.setup()
names = ["", *logging.root.manager.loggerDict]
print(json.dumps([
    [name, type(handler).__name__, type(handler.formatter).__name__]
    for name in names for handler in logging.getLogger(name).handlers
    if not isinstance(handler, logging.NullHandler)
]))
"""


@pytest.mark.parametrize("debug", ["false", "true"])
def test_no_logger_has_a_way_of_its_own(debug, tmp_path):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "weatheralert.settings",
        "SECRET_KEY": "tests-only",
        "ALLOWED_HOSTS": "localhost",
        "DEBUG": debug,
        "LOG_FORMAT": "line",
        "VAR_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["", "StreamHandler", "LineFormatter"]]
