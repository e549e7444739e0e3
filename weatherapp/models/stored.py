"""Reads JSON that an earlier or a later release may have stored: what is not as it should be is unknown.

A row outlives the code that wrote it, and a roll-back meets rows of the future. So whoever reads
stored JSON reads it through the reader of its kind (evidence.py, blend.py, ...), and those
read it through these.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from sys import float_info
from typing import Any

logger = logging.getLogger(__name__)


def read_object(stored: object, row: str) -> Mapping[str, Any]:
    """Empty where it is none, which is said with the row's name."""
    if isinstance(stored, dict):
        return stored
    logger.warning("What is stored of %s cannot be read: %s", row, type(stored).__name__)
    return {}


def read_list(stored: object, row: str) -> list[Any]:
    """As read_object."""
    if isinstance(stored, list):
        return stored
    logger.warning("What is stored of %s cannot be read: %s", row, type(stored).__name__)
    return []


def as_number(value: object) -> float | None:
    """Finite; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if -float_info.max <= value <= float_info.max else None


def as_share(value: object) -> float | None:
    """Of 0..1."""
    number = as_number(value)
    return number if number is not None and 0.0 <= number <= 1.0 else None


def as_whole_number(value: object) -> int | None:
    """Of any size; true and false are none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_count(value: object, most: int) -> int | None:
    """A whole number of 0..most."""
    number = as_number(value)
    return int(number) if number is not None and number in range(most + 1) else None


def as_text(value: object) -> str:
    """ "" where it is none."""
    return value if isinstance(value, str) else ""


def as_time(value: object) -> datetime | None:
    """Aware; without a zone it is UTC."""
    try:
        at = datetime.fromisoformat(as_text(value))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
