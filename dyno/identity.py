"""What this process is called in logs and reports."""

from __future__ import annotations

import os
import socket

_UNNAMED = "command"  # manage.py and whatever else is no process of the Procfile
_names = {"type": _UNNAMED}


def name_process(process_type: str) -> None:
    """Say once, at the start, which of the Procfile's processes this is; forks inherit it."""
    _names["type"] = process_type


def is_named() -> bool:
    """Whether somebody has said it."""
    return _names["type"] != _UNNAMED


def process_type() -> str:
    """A name of the Procfile."""
    return _names["type"]


def instance_name() -> str:
    """Unlike that of any other process, also of the same type, now or before a restart."""
    return f"{process_type()}@{socket.gethostname()}:{os.getpid()}"
