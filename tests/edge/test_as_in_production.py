"""The web process of these tests loads nothing that only tests need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests import ROOT
from tests.edge.web import make_environment

LOADED = """
import sys
import weatheralert.wsgi
print(sorted({name.partition(".")[0] for name in sys.modules if sys.modules[name]}))
"""


def test_what_is_installed_for_tests_alone_is_not_in_it(tmp_path: Path) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env=make_environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "'kombu'" in loaded
    assert "'yaml'" not in loaded
    assert "'cffi'" not in loaded
