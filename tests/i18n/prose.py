"""Finds English for readers where no translator would: in Python outside gettext, in templates
outside translation tags.

In Python a text counts as said to readers when it has two words or more. What is not for them is
left out by where it stands: docstrings, logs, what is raised, what commands print, SQL.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

# A word, a space, a word: of letters, and not of an address or a key.
TWO_WORDS = re.compile(r"(?:^|[\s“(])[A-Za-z']{2,}[,;:]? [A-Za-z']{2,}(?=$|[\s.,;:?!)”])")
LETTERS = re.compile(r"[^\W\d_]{2,}")
GETTEXT = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy")
GETTEXT += ("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy")
# Logs, output of commands, and what a reader never gets as it is.
NOT_FOR_READERS = ("debug", "info", "warning", "error", "exception", "report", "write", "print")
NOT_FOR_READERS += ("execute", "_query", "compile", "startswith", "split", "run")
SHOWN_ATTRIBUTES = ("alt", "aria-label", "aria-description", "placeholder", "title", "value")
BUTTONS = ("submit", "button", "reset")


def find_prose(source: str) -> list[tuple[int, str]]:
    """(line, text) of what looks like said to readers in Python and is in no language's catalogue."""
    return sorted(_walk(ast.parse(source)))


def _walk(node: ast.AST) -> Iterator[tuple[int, str]]:
    if _is_for_nobody(node):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if is_prose(node.value):
            yield node.lineno, node.value
        return
    if isinstance(node, ast.JoinedStr):
        text = "".join(_show_part(part) for part in node.values)
        if is_prose(text):
            yield node.lineno, text
        return
    for child in ast.iter_child_nodes(node):
        if not _is_docstring(child):
            yield from _walk(child)


def _is_for_nobody(node: ast.AST) -> bool:
    """Nobody who reads pages or mails."""
    is_left_out = isinstance(node, ast.Call) and _is_left_out(node)
    is_raised = isinstance(node, ast.Raise) or _is_an_error(node)
    return is_left_out or is_raised or _names_a_row(node)


def is_prose(text: str) -> bool:
    return bool(TWO_WORDS.search(text)) and not text.startswith("SELECT ")


def _show_part(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else "x"


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_an_error(node: ast.AST) -> bool:
    """What it says is for logs and operators; a reader gets a sentence for its kind."""
    return isinstance(node, ast.ClassDef) and node.name.endswith("Error")


def _names_a_row(node: ast.AST) -> bool:
    """Operators find a row by this, in logs as well as in the admin."""
    return isinstance(node, ast.FunctionDef) and node.name == "__str__"


def _is_left_out(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in GETTEXT or name in NOT_FOR_READERS or name.endswith("Error")


def find_untagged(template: str) -> list[str]:
    """Texts with letters that readers see and that stand in no translation tag."""
    reader = _Visible()
    reader.feed(_keep_untranslated(template))
    reader.close()
    return [text.strip() for text in reader.texts if LETTERS.search(text)]


def _keep_untranslated(template: str) -> str:
    """The template's text without what a tag makes, and without what stands in blocktranslate."""
    kept, is_inside = [], False
    for token in Lexer(template).tokenize():
        words = token.contents.split()
        if token.token_type is TokenType.BLOCK and words[0] in ("blocktranslate", "comment"):
            is_inside = True
        elif token.token_type is TokenType.BLOCK and words[0] in (
            "endblocktranslate",
            "endcomment",
        ):
            is_inside = False
        elif token.token_type is TokenType.TEXT and not is_inside:
            kept.append(token.contents)
    return "".join(kept)


class _Visible(HTMLParser):
    """Text, and the attributes that are shown or read out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "code"):
            self._silent += 1
        named = dict(attrs)
        for name in SHOWN_ATTRIBUTES:
            if name != "value" or named.get("type") in BUTTONS:
                self.texts.append(named.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "code"):
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)
