"""Carries the trace id from process to process, as a header of Celery's messages.

Whoever works on a task has the sender's id, and so have the tasks and callbacks that follow.
"""

from __future__ import annotations

from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun

from dyno.trace import make_trace_id, task_id, trace_id

HEADER = "trace_id"


def connect_signals() -> None:
    """Safe to call again."""
    before_task_publish.connect(_put_into_headers)
    task_prerun.connect(_begin_task)
    task_postrun.connect(_end_task)


def _put_into_headers(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None:
        headers[HEADER] = trace_id.get() or make_trace_id()


def _begin_task(task: Any = None, **_: Any) -> None:
    trace_id.set(str(task.request.get(HEADER) or make_trace_id()))
    task_id.set(str(task.request.id))


def _end_task(**_: Any) -> None:
    trace_id.set("")
    task_id.set("")
