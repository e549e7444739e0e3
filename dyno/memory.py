"""How much memory this process holds, and how much it may hold."""

from __future__ import annotations

import os
import re
from pathlib import Path

import psutil

DEFAULT_LIMIT_MB = 512.0
MB = 1024 * 1024
# cgroup v1 says "no limit" with a number near 2**63, v2 with the word "max".
_UNLIMITED_BYTES = 2**60
_PROC = Path("/proc/self")
_CGROUPS = Path("/sys/fs/cgroup")


def memory_mb() -> float:
    """Resident memory; pages shared with other processes count in full."""
    return float(psutil.Process().memory_info().rss) / MB


def proportional_memory_mb(proc: Path = _PROC) -> float | None:
    """Resident memory with shared pages divided among their holders; None where unknown."""
    try:
        text = (proc / "smaps_rollup").read_text()
    except OSError:
        return None
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else None


def family_memory_mb(root_pid: int | None = None) -> float:
    """A process (default: this one) with its children: pages that they share count once."""
    root = psutil.Process(root_pid)
    return sum(_share_mb(process) for process in (root, *root.children(recursive=True)))


def _share_mb(process: psutil.Process) -> float:
    proportional = proportional_memory_mb(Path(f"/proc/{process.pid}"))
    if proportional is not None:
        return proportional
    try:
        return float(process.memory_info().rss) / MB
    except psutil.Error:  # it ended a moment ago
        return 0.0


def memory_limit_mb(proc: Path = _PROC, cgroups: Path = _CGROUPS) -> float:
    """MEMORY_LIMIT_MB, else the control group's limit, else a small dyno's."""
    stated = os.environ.get("MEMORY_LIMIT_MB", "")
    if stated:
        return float(stated)
    return read_cgroup_limit_mb(proc, cgroups) or DEFAULT_LIMIT_MB


def read_cgroup_limit_mb(proc: Path = _PROC, cgroups: Path = _CGROUPS) -> float | None:
    """The tightest limit on this process's control group and those above it; None without one."""
    limits = [_read_limit(file) for file in _limit_files(proc, cgroups)]
    return min((limit / MB for limit in limits if limit), default=None)


def _limit_files(proc: Path, cgroups: Path) -> list[Path]:
    try:
        lines = (proc / "cgroup").read_text().splitlines()
    except OSError:
        return []
    return [file for line in lines for file in _files_of(line, cgroups)]


def _files_of(line: str, cgroups: Path) -> list[Path]:
    """Limit files that a line like `4:memory:/app` (v1) or `0::/app` (v2) points to."""
    _, controllers, group = line.split(":", 2)
    if controllers == "":
        root, name = cgroups, "memory.max"
    elif "memory" in controllers.split(","):
        root, name = cgroups / "memory", "memory.limit_in_bytes"
    else:
        return []
    # Inside a container the group may be named as the host sees it: then only the root exists.
    here = Path(group.lstrip("/"))
    return [root / folder / name for folder in (here, *here.parents)]


def _read_limit(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() and 0 < int(text) < _UNLIMITED_BYTES else None
