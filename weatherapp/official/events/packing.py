"""A message as it is stored: JSON in which nothing stands for what was not said, by zlib. Pure."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from weatherapp.official.documents.message import Message

QUICK = 6  # a better level costs twice the time for a twentieth less


def pack_message(message: Message) -> bytes:
    text = json.dumps(_plain(message), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), QUICK)


def unpack_message(packed: bytes) -> Message:
    """Raises ValueError, KeyError or zlib.error for what another release wrote and none can read."""
    made: Message = _reader_of(Message)(json.loads(zlib.decompress(packed)))
    return made


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        said = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: _plain(one) for name, one in said.items() if one not in ("", (), None)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        return [_plain(one) for one in value]
    return value  # of numbers and texts: JSON writes tuples itself


@lru_cache(maxsize=64)
def _reader_of(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of this type from JSON's."""
    if kind is datetime:
        return datetime.fromisoformat
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if is_dataclass(kind):
        return _reader_of_fields(kind)
    arguments = get_args(kind)
    if isinstance(kind, UnionType):
        return _reader_of(next(one for one in arguments if one is not type(None)))
    if get_origin(kind) is tuple:
        return _reader_of_tuple(arguments)
    return lambda value: value


def _reader_of_tuple(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    within = _reader_of(arguments[0])
    if arguments[0] in (str, float, int):
        return tuple
    return lambda value: tuple(map(within, value))


def _reader_of_fields(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    empty = {name: _empty(hint) for name, hint in hints.items()}
    readers = {name: _reader_of(hint) for name, hint in hints.items()}

    def read(value: dict[str, Any]) -> Any:
        return kind(
            **{
                name: readers[name](value[name]) if name in value else empty[name]
                for name in readers
            }
        )

    return read


def _empty(hint: Any) -> Any:
    """What was not written."""
    if hint is str:
        return ""
    return () if get_origin(hint) is tuple else None
