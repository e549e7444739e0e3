"""Puts work on the queue from an admin page, and says truly whether that worked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from celery import Task
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext
from kombu.exceptions import OperationalError

BATCH = 100  # places in one message


def queue(
    request: HttpRequest, task: Task[Any, Any], *, told: str, failed: str, **arguments: Any
) -> None:
    """Queue `task` once what it is about is stored; tell the person `told`, or `failed`."""
    transaction.on_commit(partial(_send, request, task, told, failed, [arguments]))


def queue_places(
    request: HttpRequest,
    task: Task[Any, Any],
    place_ids: Sequence[int],
    *,
    told: str,
    failed: str,
) -> None:
    """Queue `task` with `place_ids`, in their order, a message a batch; nothing where there are none."""
    batches = [
        {"place_ids": list(place_ids[start : start + BATCH])}
        for start in range(0, len(place_ids), BATCH)
    ]
    if batches:
        transaction.on_commit(partial(_send, request, task, told, failed, batches))


def _send(
    request: HttpRequest,
    task: Task[Any, Any],
    told: str,
    failed: str,
    batches: Sequence[dict[str, Any]],
) -> None:
    try:
        for arguments in batches:
            task.delay(**arguments)
    except OperationalError:
        messages.error(
            request,
            gettext("%(failed)s The queue (Redis) cannot be reached.") % {"failed": failed},
        )
    else:
        messages.success(request, told)
