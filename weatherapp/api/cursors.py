"""Where the next page begins: behind a row, so that rows that come in between move nothing."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from weatherapp.api.checking import parse_time
from weatherapp.api.operations import Call, Slice
from weatherapp.api.problems import wrong_parameter
from weatherapp.api.schema import MOST_ID, write_time


def write_cursor(after: Sequence[Any]) -> str:
    """Of numbers and times."""
    parts = [write_time(part) if isinstance(part, datetime) else part for part in after]
    text = json.dumps(parts, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(call: Call, *kinds: type) -> tuple[Any, ...] | None:
    """The parts, of these kinds; None at the beginning. Raises ProblemError."""
    if call["cursor"] is None:
        return None
    parts = _decode(call["cursor"])
    found = [_as(kind, part) for kind, part in zip(kinds, parts, strict=False)]
    if len(parts) != len(kinds) or None in found:
        raise wrong_parameter("cursor", "Take it from the `next` of a page of this list.")
    return tuple(found)


def cut(call: Call, rows: Sequence[Any], *key: str) -> Slice:
    """A page of `rows`, which hold one more than its limit where there is a next page."""
    limit = call["limit"]
    if len(rows) <= limit:
        return Slice(rows)
    last = rows[limit - 1]
    return Slice(rows[:limit], [getattr(last, name) for name in key])


def _decode(text: str) -> list[Any]:
    try:
        read = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return []
    return read if isinstance(read, list) else []


def _as(kind: type, part: Any) -> Any:
    """None for what is none of that kind."""
    if kind is datetime:
        return parse_time(part) if isinstance(part, str) else None
    if isinstance(part, bool) or not isinstance(part, int | float):
        return None
    if kind is int:
        return part if isinstance(part, int) and 0 <= part <= MOST_ID else None
    return float(part) if abs(part) < MOST_ID and math.isfinite(part) else None
