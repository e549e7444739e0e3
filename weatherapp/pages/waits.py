"""How long somebody waits, in one unit, for templates to say. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST = 100  # of a unit; more is said in the next


@dataclass(frozen=True, slots=True)
class Wait:
    """`number` of `unit`: second, minute or hour."""

    number: int
    unit: str


def wait_at_least(seconds: int) -> Wait:
    """Never too short."""
    if seconds < MOST:
        return Wait(seconds, "second")
    minutes = math.ceil(seconds / 60)
    return Wait(minutes, "minute") if minutes < MOST else Wait(math.ceil(minutes / 60), "hour")


def wait_about(seconds: int) -> Wait:
    """As near as anybody can say."""
    return Wait(seconds, "second") if seconds < MOST else Wait(round(seconds / 60), "minute")
