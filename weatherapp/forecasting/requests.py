"""Questions to the predictor: asked once an hour and place, answered or settled."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from functools import partial

from celery import current_app, signature
from django.conf import settings
from django.db import IntegrityError, transaction

from predictor import contract
from weatherapp.forecasting.window import build_window
from weatherapp.models import Place, PredictionRequest, RequestOrigin, RequestState

logger = logging.getLogger(__name__)

ANSWER_TASK = "weatherapp.tasks.record_prediction"
ANSWER_QUEUE = "default"
SENDING_TAKES = timedelta(minutes=1)


def request_prediction(
    place: Place, *, now: datetime, origin: RequestOrigin = RequestOrigin.SCHEDULE
) -> PredictionRequest:
    """Ask the predictor about the place's newest hour; `now` is real time.

    The same hour is asked once: a second call gives the first one's row. A window that breaks
    the contract is stored as refused, so that people see why there is no prediction.
    """
    try:
        window = build_window(place, now=place.clock(now))
    except contract.ContractError as error:
        return _store_refusal(place, error, now=now, origin=origin)
    try:
        with transaction.atomic():
            request = PredictionRequest.objects.create(
                place=place,
                window_end_at=window.window_end_at,
                window=window.to_wire(),
                origin=origin,
                created_at=now,
                expires_at=now + settings.PREDICTION_EXPIRES,
            )
    except IntegrityError:
        return PredictionRequest.objects.get(
            place=place,
            window_end_at=window.window_end_at,
            state__in=(RequestState.WAITING, RequestState.ANSWERED),
        )
    transaction.on_commit(partial(send, request, now=now))
    return request


def send(request: PredictionRequest, *, now: datetime) -> None:
    """Put the question on the predictor's queue; the answer comes back as a task of ours.

    The callback names its queue: without one it would land on the predictor, which does not
    know the task.
    """
    answer = signature(
        ANSWER_TASK, kwargs={"request_id": str(request.pk)}, app=current_app, queue=ANSWER_QUEUE
    )
    current_app.send_task(
        contract.TASK_NAME,
        kwargs={
            "schema_version": contract.SCHEMA_VERSION,
            "request_id": str(request.pk),
            "window": request.window,
        },
        task_id=str(request.pk),
        queue=contract.QUEUE,
        link=answer,
        expires=max((request.expires_at - now).total_seconds(), 1),
    )
    PredictionRequest.objects.filter(pk=request.pk).update(sent_at=now)


def send_unsent(*, now: datetime) -> None:
    """Send what a killed process stored but did not get onto the queue."""
    waiting = PredictionRequest.objects.filter(
        state=RequestState.WAITING, sent_at__isnull=True, created_at__lte=now - SENDING_TAKES
    )
    for request in waiting.order_by("created_at"):
        send(request, now=now)


def settle_overdue(*, now: datetime) -> list[int]:
    """Mark requests that nobody answered in time; the ids of their places."""
    overdue = PredictionRequest.objects.filter(state=RequestState.WAITING, expires_at__lte=now)
    place_ids = sorted(set(overdue.values_list("place_id", flat=True)))
    count = overdue.update(state=RequestState.EXPIRED, finished_at=now)
    if count:
        logger.warning("The predictor left %s requests unanswered", count)
    return place_ids


def _store_refusal(
    place: Place, error: contract.ContractError, *, now: datetime, origin: RequestOrigin
) -> PredictionRequest:
    hour = place.clock(now).replace(minute=0, second=0, microsecond=0)
    request, _ = PredictionRequest.objects.update_or_create(
        place=place,
        window_end_at=hour,
        state=RequestState.REFUSED,
        defaults={"error": type(error).__name__, "error_message": str(error), "finished_at": now},
        create_defaults={
            "id": uuid.uuid4(),
            "window": {},
            "origin": origin,
            "created_at": now,
            "expires_at": now,
            "finished_at": now,
            "error": type(error).__name__,
            "error_message": str(error),
        },
    )
    return request
