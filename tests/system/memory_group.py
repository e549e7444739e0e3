"""A control group with a memory limit, for processes that a test starts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MB = 1024**2
_CGROUPS = Path("/sys/fs/cgroup")


class MemoryGroup:
    """Version 1 or 2, whichever this machine has."""

    def __init__(self, folder: Path, limit_file: str, peak_file: str, kills_file: str) -> None:
        self.folder = folder
        self.limit_file = limit_file
        self.peak_file = peak_file
        self.kills_file = kills_file

    def join_words(self) -> list[str]:
        """Words before a command that make it start inside."""
        script = f'echo $$ > "{self.folder}/cgroup.procs" && exec "$@"'
        return ["sh", "-c", script, "sh"]

    def add(self, pid: int) -> None:
        (self.folder / "cgroup.procs").write_text(str(pid))

    def peak_mb(self) -> float:
        return int((self.folder / self.peak_file).read_text()) / MB

    def kills(self) -> int:
        """Processes that the kernel killed for want of memory."""
        found = re.search(r"oom_kill (\d+)", (self.folder / self.kills_file).read_text())
        return int(found[1]) if found else 0


@contextmanager
def memory_group(limit_mb: int) -> Iterator[MemoryGroup | None]:
    """None where this machine lets nobody make one."""
    group = _make_group(limit_mb)
    try:
        yield group
    finally:
        if group is not None:
            group.folder.rmdir()


def _make_group(limit_mb: int) -> MemoryGroup | None:
    for version, line in _memberships():
        root = _CGROUPS / "memory" if version == 1 else _CGROUPS
        folder = root / line.lstrip("/") / f"weatheralert-test-{os.getpid()}"
        names = (
            ("memory.limit_in_bytes", "memory.max_usage_in_bytes", "memory.oom_control")
            if version == 1
            else ("memory.max", "memory.peak", "memory.events")
        )
        try:
            folder.mkdir()
        except OSError:
            continue
        group = MemoryGroup(folder, *names)
        try:
            (folder / group.limit_file).write_text(str(limit_mb * MB))
        except OSError:  # the controller is not handed down to us
            folder.rmdir()
            continue
        return group
    return None


def _memberships() -> list[tuple[int, str]]:
    lines = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text().splitlines()]
    return [
        (2 if controllers == "" else 1, group)
        for _, controllers, group in lines
        if controllers == "" or "memory" in controllers.split(",")
    ]
