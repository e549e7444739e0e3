"""Questions to the predictor: asked once an hour and place, answered or settled."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial

from celery import current_app, signature
from django.conf import settings
from django.db import IntegrityError, transaction
from kombu.exceptions import OperationalError

from predictor import contract
from weatherapp.forecasting.asking import broker_queues
from weatherapp.forecasting.asking.window import build_window
from weatherapp.models import (
    ActiveModel,
    Place,
    PredictionRequest,
    RequestOrigin,
    RequestPriority,
    RequestState,
)

logger = logging.getLogger(__name__)

ANSWER_TASK = "weatherapp.tasks.record_prediction"
LIVE_STATES = (RequestState.WAITING, RequestState.ANSWERED)
QUEUES = {
    RequestPriority.PEOPLE: contract.PEOPLE_QUEUE,
    RequestPriority.SCHEDULE: contract.SCHEDULE_QUEUE,
}
# The worker takes turns between its queues: people's answers do not wait behind all the fetches.
ANSWER_QUEUES = {
    RequestPriority.PEOPLE: broker_queues.PEOPLES_ANSWERS,
    RequestPriority.SCHEDULE: broker_queues.OTHER_WORK,
}
PRIORITIES = {
    RequestOrigin.PERSON: RequestPriority.PEOPLE,
    RequestOrigin.SCHEDULE: RequestPriority.SCHEDULE,
}


def request_prediction(
    place: Place, *, now: datetime, origin: RequestOrigin = RequestOrigin.SCHEDULE
) -> PredictionRequest:
    """Ask the predictor about the place's newest hour; `now` is real time.

    The same hour is asked once: who comes later shares the first one's row. A window that breaks
    the contract is stored as refused, so that people see why there is no prediction.
    """
    try:
        window = build_window(place, now=place.clock(now))
    except contract.ContractError as error:
        return _store_refusal(place, error, now=now, origin=origin)
    settle_overdue(now=now, place=place)  # what ran out cannot be shared
    with transaction.atomic():
        share = partial(_share, place, window.window_end_at, now=now, origin=origin)
        create = partial(_create, place, window, now=now, origin=origin)
        # The last one: somebody cancelled the hour's request between the first two.
        return share() or _try(create) or share() or create()


def _try(create: Callable[[], PredictionRequest]) -> PredictionRequest | None:
    """None where the hour has a request by now."""
    try:
        with transaction.atomic():
            return create()
    except IntegrityError:
        return None


def _create(
    place: Place, window: contract.Window, *, now: datetime, origin: RequestOrigin
) -> PredictionRequest:
    """Raises IntegrityError where the hour has a request already."""
    request = PredictionRequest.objects.create(
        place=place,
        window_end_at=window.window_end_at,
        window=window.to_wire(),
        origin=origin,
        priority=PRIORITIES[origin],
        created_at=now,
        expires_at=now + settings.PREDICTION_EXPIRES,
    )
    transaction.on_commit(partial(_try_to_send, request, now=now))
    return request


def _share(
    place: Place, window_end_at: datetime, *, now: datetime, origin: RequestOrigin
) -> PredictionRequest | None:
    """The hour's request, now wanted by one more."""
    request = (
        PredictionRequest.objects.select_for_update()
        .filter(place=place, window_end_at=window_end_at, state__in=LIVE_STATES)
        .first()
    )
    if request is None:
        return None
    if origin == RequestOrigin.SCHEDULE:
        request.origin = origin  # from now on it stays when all people cancel
    elif (request.state, request.priority) == (RequestState.WAITING, RequestPriority.SCHEDULE):
        request.priority = RequestPriority.PEOPLE
        transaction.on_commit(partial(_move_to_people, request, now=now))
    request.save(update_fields=["origin", "priority"])
    return request


def _move_to_people(request: PredictionRequest, *, now: datetime) -> None:
    """Its message changes the queue; where it is in no queue any more, it is being answered.

    A process that is killed between the two steps leaves a row without a message: a tick sends it.
    """
    if broker_queues.take_out(contract.SCHEDULE_QUEUE, request.pk):
        _try_to_send(request, now=now)


def _try_to_send(request: PredictionRequest, *, now: datetime) -> None:
    """A broker that is down loses nothing: a tick sends what was not sent."""
    try:
        send(request, now=now)
    except OperationalError as error:
        logger.warning("Request %s is not on the queue yet: %s", request.pk, error)


def send(request: PredictionRequest, *, now: datetime) -> None:
    """Put the question on the predictor's queue; the answer comes back as a task of ours.

    The callback names its queue: without one it would land on the predictor, which does not
    know the task. Raises kombu's OperationalError.
    """
    priority = RequestPriority(request.priority)
    answer = signature(
        ANSWER_TASK,
        kwargs={"request_id": str(request.pk)},
        app=current_app,
        queue=ANSWER_QUEUES[priority],
    )
    current_app.send_task(
        contract.TASK_NAME,
        kwargs={
            "schema_version": contract.SCHEMA_VERSION,
            "request_id": str(request.pk),
            "window": request.window,
            "model": ActiveModel.objects.find_name(),
        },
        task_id=str(request.pk),
        queue=QUEUES[priority],
        link=answer,
        expires=max((request.expires_at - now).total_seconds(), 1),
    )
    PredictionRequest.objects.filter(pk=request.pk).update(sent_at=now)


def settle_overdue(*, now: datetime, place: Place | None = None) -> list[int]:
    """Mark requests (of `place`) that nobody answered in time; the ids of their places."""
    overdue = PredictionRequest.objects.filter(state=RequestState.WAITING, expires_at__lte=now)
    if place is not None:
        overdue = overdue.filter(place=place)
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
            "priority": PRIORITIES[origin],
            "created_at": now,
            "expires_at": now,
            "finished_at": now,
            "error": type(error).__name__,
            "error_message": str(error),
        },
    )
    return request
