"""What the environment says that cannot be: noted while the settings are read, told all at once."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


class Kind(IntEnum):
    """The number in a mistake's id; docs/settings.md says what to do."""

    NOT_SET = 1
    NO_URL = 2
    NO_NUMBER = 3
    TOO_SMALL = 4
    NO_CHOICE = 5
    NEITHER_TRUE_NOR_FALSE = 6
    NO_WEB_ADDRESS = 7
    NO_MAIL_ADDRESS = 8
    CONTRADICTION = 9
    NO_NETWORK = 10
    TOO_SHORT = 11


@dataclass(frozen=True, slots=True)
class Mistake:
    """`text` names the variable, and shows no part of a value that may hold a password."""

    kind: Kind
    text: str
    way_out: str

    @property
    def id(self) -> str:
        return f"weatheralert.E{self.kind:03}"


MISTAKES: list[Mistake] = []


def note(kind: Kind, text: str, way_out: str) -> None:
    MISTAKES.append(Mistake(kind, text, way_out))


def stop_on_mistakes() -> None:
    """No process starts with a setting that cannot be; `manage.py check` tells them by itself."""
    if MISTAKES and not _is_check():
        lines = [f"{mistake.id}: {mistake.text} {mistake.way_out}" for mistake in MISTAKES]
        raise ImproperlyConfigured("\n".join(lines))


def _is_check() -> bool:
    return Path(sys.argv[0]).name == "manage.py" and sys.argv[1:2] == ["check"]
