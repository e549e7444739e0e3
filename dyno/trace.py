"""The ids of what this process works on at the moment; logs carry them."""

from __future__ import annotations

from contextvars import ContextVar
from uuid import uuid4

# One for all that a web request or a tick sets in motion, in whatever process.
trace_id: ContextVar[str] = ContextVar("trace_id", default="")
task_id: ContextVar[str] = ContextVar("task_id", default="")


def make_trace_id() -> str:
    """Random, 32 hexadecimal digits."""
    return uuid4().hex
