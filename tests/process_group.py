"""A command with all that it starts, which is dead afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests import ROOT


@contextmanager
def running_group(
    command: Sequence[str], log_path: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """What it says is added to `log_path`."""
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
