"""Which processes there are: the Procfile's, and the demo's player beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

PROCFILE = "Procfile"
DEMO = "demo"
RELEASE = "release"  # the line that a deploy runs once; here `prepare` does its work
SENDER = "sender"  # a second worker for those who scale; here one worker does everything

_LINE = re.compile(r"^([A-Za-z0-9_-]+):[ \t]*(\S.*)$", re.MULTILINE)


class ProcfileError(RuntimeError):
    """The Procfile does not say what is asked; the message says what it does say."""


def parse_procfile(text: str) -> dict[str, str]:
    """Process name -> command line, in the file's order."""
    return dict(_LINE.findall(text))


def read_commands(procfile: Path, *, without: Sequence[str]) -> dict[str, str]:
    """Process name -> command line of what runs here. Raises ProcfileError."""
    if not procfile.is_file():
        raise ProcfileError(f"There is no {procfile.name} here.")
    commands = parse_procfile(procfile.read_text())
    for name in (RELEASE, SENDER):
        commands.pop(name, None)
    commands[DEMO] = "exec python manage.py play_scene"
    for name in without:
        if name not in commands:
            raise ProcfileError(f"{name} is no process here. There are: {', '.join(commands)}.")
        del commands[name]
    return commands
