"""Reads a gettext catalogue as text (.po): what the compiled one no longer says, such as doubts."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

import weatherapp

LOCALE = Path(weatherapp.__file__).parent / "locale"
KEYWORD = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) (".*")$')
# %(name)s as Django's templates and named formats have it, %s, and {name}.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


@dataclass
class Entry:
    """One message: `translations` has one text, or one a plural form."""

    is_fuzzy: bool = False
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it a message of its own: context, text and plural."""
        return (
            self.texts.get("msgctxt", ""),
            self.texts["msgid"],
            self.texts.get("msgid_plural", ""),
        )

    @property
    def originals(self) -> list[str]:
        return [self.texts[name] for name in ("msgid", "msgid_plural") if name in self.texts]

    @property
    def translations(self) -> list[str]:
        return [text for name, text in self.texts.items() if name.startswith("msgstr")]


def read_catalogue(path: Path) -> list[Entry]:
    """Without the header and what is no longer used (lines that begin with #~)."""
    entries, entry, name = [], Entry(), ""
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("#,"):
            entry.is_fuzzy = "fuzzy" in line
        elif found := KEYWORD.match(line):
            name = found[1]
            entry.texts[name] = ast.literal_eval(found[2])
        elif line.startswith('"'):
            entry.texts[name] += ast.literal_eval(line)
        elif not line.strip():
            entries.append(entry)
            entry = Entry()
    return [entry for entry in entries if entry.texts.get("msgid")]


def list_placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
