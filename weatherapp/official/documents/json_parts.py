"""JSON of one object whose long lists are read an item at a time: no more than one is in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any, NoReturn

from weatherapp.official.documents.errors import NotADocumentError, TooDeepError, TruncatedError

SPACE = re.compile(r"[ \t\n\r]*")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


class JsonParts:
    """Iterates over the items of the outer object's lists of the `wanted` names.

    `outer` has all the rest, and an empty list for each that was wanted and there.
    """

    def __init__(self, text: str, wanted: Collection[str]) -> None:
        self.outer: dict[str, Any] = {}
        self._text = text
        self._wanted = wanted
        self._at = 0

    def __iter__(self) -> Iterator[Any]:
        """Raises DocumentError."""
        self._expect("{")
        if self._peek() == "}":
            self._expect("}")
        else:
            yield from self._read_members()
        if self._peek():
            raise NotADocumentError("Something follows after the end of the JSON.")

    def _read_members(self) -> Iterator[Any]:
        divider = ","
        while divider == ",":
            if self._peek() != '"':
                self._fail()
            name = self._read_value()
            self._expect(":")
            if name in self._wanted and self._peek() == "[":
                self.outer[name] = []
                yield from self._read_items()
            else:
                self.outer[name] = self._read_value()
            divider = self._expect(",}")

    def _read_items(self) -> Iterator[Any]:
        self._expect("[")
        if self._peek() == "]":
            self._expect("]")
            return
        divider = ","
        while divider == ",":
            yield self._read_value()
            divider = self._expect(",]")

    def _read_value(self) -> Any:
        self._peek()
        try:
            value, self._at = DECODER.raw_decode(self._text, self._at)
        except RecursionError as error:
            raise TooDeepError("The JSON is nested too deeply.") from error
        except json.JSONDecodeError as error:
            self._fail(error)
        except ValueError as error:  # a number that is none, or that has thousands of digits
            raise NotADocumentError("The JSON holds a number that is none.") from error
        return value

    def _peek(self) -> str:
        found = SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._text[self._at : self._at + 1]

    def _expect(self, signs: str) -> str:
        sign = self._peek()
        if not sign or sign not in signs:
            self._fail()
        self._at += 1
        return sign

    def _fail(self, cause: json.JSONDecodeError | None = None) -> NoReturn:
        at = cause.pos if cause else self._at
        is_open = cause is not None and cause.msg.startswith("Unterminated string")
        if is_open or not self._text[at:].strip():
            raise TruncatedError("The JSON ends before its end.") from cause
        raise NotADocumentError(f"It is no JSON, from character {at:,} on.") from cause
