"""`python leash.py PARENT_PID COMMAND...` becomes the command, which ends when its parent does.

Linux tells it by SIGTERM, also when the parent is killed with -9. Elsewhere nobody does.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def leash(command: Sequence[str]) -> list[str]:
    """`command`, to be started by this process, on a leash.

    Start it in a thread that lives as long as it should: for Linux that thread is the parent.
    """
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def main() -> None:
    parent_pid, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent_pid:
        sys.exit("The parent is gone already.")
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and its heirs would too
    os.execvp(command[0], command)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main()
