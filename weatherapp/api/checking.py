"""Holds what came in against its schema: all that is wrong, each with a JSON Pointer to it.

The part of JSON Schema that the API's own declarations use, and no more: a whole validator costs
the web process megabytes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from weatherapp.api.schema import MOST_NUMBER, Schema


class Wrong(NamedTuple):
    """`pointer` is empty for the whole (RFC 6901)."""

    pointer: str
    detail: str


def find_wrong(schema: Schema, value: Any, pointer: str = "") -> Iterator[Wrong]:
    """Empty where `value` is as the schema says."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_IS[kind](value) for kind in kinds):
        yield Wrong(pointer, f"Must be {' or '.join(_NAMES[kind] for kind in kinds)}.")
        return
    if value is None:
        return
    if "enum" in schema and value not in schema["enum"]:
        known = ", ".join(str(one) for one in schema["enum"] if one is not None)
        yield Wrong(pointer, f"Must be one of: {known}.")
        return
    for kind, check in _CHECKS.items():
        if isinstance(value, kind) and not isinstance(value, bool):
            yield from check(schema, value, pointer)


def escape(name: str) -> str:
    """A name as a part of a pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def parse_time(text: str) -> datetime | None:
    """None for what is no date and time with its offset."""
    if re.fullmatch(_RFC_3339, text) is None:
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _check_number(schema: Schema, value: float, pointer: str) -> Iterator[Wrong]:
    low, high = schema.get("minimum", -MOST_NUMBER), schema.get("maximum", MOST_NUMBER)
    if value < low:
        yield Wrong(pointer, f"Must be at least {low}.")
    if value > high:
        yield Wrong(pointer, f"Must be at most {high}.")


def _check_text(schema: Schema, value: str, pointer: str) -> Iterator[Wrong]:
    if len(value) < schema.get("minLength", 0):
        yield Wrong(pointer, "Must not be empty.")
    if len(value) > schema.get("maxLength", math.inf):
        yield Wrong(pointer, f"May have {schema['maxLength']} characters at most.")
    elif "pattern" in schema and not re.search(schema["pattern"], value):
        yield Wrong(pointer, schema.get("x-form", "Holds characters that it may not hold."))
    if schema.get("format") == "date-time" and parse_time(value) is None:
        yield Wrong(pointer, "Must be a time with its offset, as 2026-01-01T12:00:00Z.")
    if not value.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in value):
        yield Wrong(pointer, "Holds half a character.")


def _check_list(schema: Schema, value: list[Any], pointer: str) -> Iterator[Wrong]:
    if len(value) < schema.get("minItems", 0):
        yield Wrong(pointer, f"Must have {schema['minItems']} items at least.")
    if len(value) > schema.get("maxItems", math.inf):
        yield Wrong(pointer, f"May have {schema['maxItems']} items at most.")
        return
    for index, item in enumerate(value):
        yield from find_wrong(schema.get("items", {}), item, f"{pointer}/{index}")


def _check_object(schema: Schema, value: dict[str, Any], pointer: str) -> Iterator[Wrong]:
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield Wrong(f"{pointer}/{escape(name)}", "Must be given.")
    for name, item in value.items():
        at = f"{pointer}/{escape(name)}"
        if name in properties:
            yield from find_wrong(properties[name], item, at)
        else:
            yield Wrong(at, "Is not known here.")
    if len(value) < schema.get("minProperties", 0):
        yield Wrong(pointer, "Names nothing to change.")


_RFC_3339 = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)"
_IS: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and value == value // 1,
    "number": lambda value: _is_number(value),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
_NAMES = {
    "null": "null",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "array": "a list",
    "object": "an object",
}
_CHECKS: dict[Any, Callable[[Schema, Any, str], Iterator[Wrong]]] = {
    int: _check_number,
    float: _check_number,
    str: _check_text,
    list: _check_list,
    dict: _check_object,
}


def _is_number(value: Any) -> bool:
    """True and false are none; a whole number may be too large for a float."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)
