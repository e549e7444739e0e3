"""Requests that still wait, but that the broker does not have (any more), are sent again.

A process may die between storing and sending; Redis without persistence forgets at a restart.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Q

from weatherapp.forecasting.asking import broker_queues
from weatherapp.forecasting.asking.requests import send
from weatherapp.models import PredictionRequest, RequestState

logger = logging.getLogger(__name__)

SENDING_TAKES = timedelta(seconds=20)  # younger ones may be on their way to the broker
AT_ONCE = 1000


def requeue_lost(*, now: datetime) -> int:
    """How many were sent again. What the broker still has is left alone, also a taken message.

    Raises redis.RedisError.
    """
    lost = _find_unknown({str(request.pk): request for request in _read_old(now)})
    lost = lost and _find_unknown(lost)  # between two hands a message is nowhere for a moment
    count = sum(_send_again(request, now=now) for request in lost.values())
    if count:
        logger.warning("Put %s lost requests back on the queue", count)
    return count


def _read_old(now: datetime) -> list[PredictionRequest]:
    latest = now - SENDING_TAKES
    waiting = PredictionRequest.objects.filter(
        Q(sent_at__lte=latest) | Q(sent_at__isnull=True, created_at__lte=latest),
        state=RequestState.WAITING,
        expires_at__gt=now,
    )
    # "PEOPLE" comes before "SCHEDULE"
    return list(waiting.order_by("priority", "created_at").defer("window")[:AT_ONCE])


def _find_unknown(requests: dict[str, PredictionRequest]) -> dict[str, PredictionRequest]:
    if not requests:
        return {}
    unknown = dict(requests)
    with broker_queues.connect() as client:
        for request_id in broker_queues.iterate_known_ids(client):
            unknown.pop(request_id, None)
    return unknown


def _send_again(request: PredictionRequest, *, now: datetime) -> bool:
    """False where it was answered, cancelled or sent by another tick meanwhile."""
    mine = PredictionRequest.objects.filter(
        pk=request.pk, state=RequestState.WAITING, sent_at=request.sent_at
    )
    if not mine.update(sent_at=now):
        return False
    send(request, now=now)
    return True
