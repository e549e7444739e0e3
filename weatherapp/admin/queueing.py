"""Puts work on the queue from an admin page, and says truly whether that worked."""

from __future__ import annotations

from functools import partial
from typing import Any

from celery import Task
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from kombu.exceptions import OperationalError


def queue(
    request: HttpRequest, task: Task[Any, Any], *, told: str, failed: str, **arguments: Any
) -> None:
    """Queue `task` once what it is about is stored; tell the person `told`, or `failed`."""
    transaction.on_commit(partial(_send, request, task, told, failed, arguments))


def _send(
    request: HttpRequest, task: Task[Any, Any], told: str, failed: str, arguments: dict[str, Any]
) -> None:
    try:
        task.delay(**arguments)
    except OperationalError:
        messages.error(request, f"{failed} The queue (Redis) cannot be reached.")
    else:
        messages.success(request, told)
