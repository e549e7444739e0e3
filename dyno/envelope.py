"""Whether a message is one of ours by its form: looked at before Celery sees it. Pure.

Kombu and Celery take for granted that a message is as they write it: what is not ends the process,
or is put back and ends the next one. https://docs.celeryq.dev/en/latest/internals/protocol.html
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from kombu.utils.json import loads

LONGEST = 1_000_000  # bytes; ours are some 5,000
LONGEST_WORD = 200  # characters
# What is written into logs, or looked up.
WORDS = ("id", "task")
OPTIONAL_WORDS = ("shadow", "trace_id", "root_id", "parent_id")
FOLLOWERS = ("callbacks", "errbacks", "chain")
# Kombu's decoder also builds dates, UUIDs and numbers from what a message says they are.
UNDECODABLE = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)


class _FaultError(Exception):
    """What is wrong, in a few words of ours."""


def find_fault(raw: bytes) -> str | None:
    """What is wrong with a message as a queue holds it; None where nothing is."""
    try:
        _check_message(_load(raw, "the message"))
    except _FaultError as fault:
        return str(fault)
    return None


def find_unacked_fault(raw: bytes) -> str | None:
    """As find_fault, of a message that a process has in its hands, with whence it came."""
    try:
        held = _load(raw, "the message")
        _demand(isinstance(held, list) and len(held) == 3, "it is not held as Kombu holds one")
        _check_message(held[0])
        _demand(all(isinstance(name, str) for name in held[1:]), "it came from nowhere")
    except _FaultError as fault:
        return str(fault)
    return None


def _check_message(message: Any) -> None:
    _demand(isinstance(message, dict), "the message is no object")
    _check_properties(message.get("properties"))
    _check_headers(message.get("headers"))
    _demand(message.get("content-type") == "application/json", "its content is not JSON")
    _demand(message.get("content-encoding") == "utf-8", "its content is not UTF-8")
    _check_body(message.get("body"))


def _check_properties(properties: Any) -> None:
    _demand(isinstance(properties, dict), "it has no properties")
    _demand(_is_word(properties.get("delivery_tag")), "it has no delivery tag")
    _demand(properties.get("body_encoding") == "base64", "its body is not in base64")
    where = properties.get("delivery_info")
    _demand(isinstance(where, dict), "it has no delivery info")
    _demand(isinstance(where.get("exchange"), str), "it has no exchange")
    _demand(isinstance(where.get("routing_key"), str), "it has no routing key")


def _check_headers(headers: Any) -> None:
    _demand(isinstance(headers, dict), "it has no headers")
    for name in WORDS:
        _demand(_is_word(headers.get(name)), f"its header “{name}” is no word")
    for name in OPTIONAL_WORDS:
        value = headers.get(name)
        _demand(value is None or _is_word(value), f"its header “{name}” is no word")
    # Unpacking knows no bound.
    _demand(not headers.get("compression"), "its body is packed")
    _demand(_is_limits(headers.get("timelimit")), "its time limits are no numbers")


def _check_body(body: Any) -> None:
    _demand(isinstance(body, str), "it has no body")
    try:
        content = b64decode(body, validate=True)
    except ValueError as error:
        raise _FaultError("its body is not in base64") from error
    parts = _load(content, "its body")
    _demand(isinstance(parts, list) and len(parts) == 3, "its body has not three parts")
    args, kwargs, embed = parts
    _demand(isinstance(args, list) and isinstance(kwargs, dict), "its arguments are none")
    _demand(embed is None or isinstance(embed, dict), "its third part is no object")
    for name in FOLLOWERS:
        _demand(_is_tasks((embed or {}).get(name)), f"its {name} are no tasks")


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_WORD and value.isprintable()


def _is_limits(value: Any) -> bool:
    if value is None:
        return True
    numbers = isinstance(value, list) and len(value) == 2
    return numbers and all(part is None or type(part) in (int, float) for part in value)


def _is_tasks(value: Any) -> bool:
    if value is None:
        return True
    return isinstance(value, list) and all(
        isinstance(task, Mapping) and _is_word(task.get("task")) for task in value
    )


def _load(raw: bytes, what: str) -> Any:
    _demand(len(raw) <= LONGEST, f"{what} is larger than {LONGEST:,} bytes")
    try:
        return loads(raw)
    except UNDECODABLE as error:
        raise _FaultError(f"{what} cannot be decoded") from error


def _demand(holds: bool, fault: str) -> None:
    if not holds:
        raise _FaultError(fault)
