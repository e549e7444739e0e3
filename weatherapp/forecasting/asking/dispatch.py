"""What waits is put on the predictor's queues: people's at once, the schedule's bounded.

What is under way is known from the rows. So neither Redis nor the wait of the first answer grows with
the number of places; and what was lost on the way is sent again, for answers are stored once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from celery import current_app, signature
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, JSONField, Q, QuerySet, Value, When
from kombu.exceptions import OperationalError

from predictor import contract, messages
from weatherapp.forecasting.asking.place_climate import PlaceHour
from weatherapp.forecasting.asking.queue_length import count_messages
from weatherapp.forecasting.asking.window import build_windows
from weatherapp.models import ActiveModel, PredictionRequest, RequestPriority, RequestState
from weatherapp.models.place import read_clocks
from weatherapp.net.one_line import one_line

logger = logging.getLogger(__name__)

ANSWER_TASK = "weatherapp.tasks.record_predictions"
QUEUES = {
    RequestPriority.PEOPLE: contract.PEOPLE_QUEUE,
    RequestPriority.SCHEDULE: contract.SCHEDULE_QUEUE,
}
# The worker stores answers before it fetches more, people's first.
ANSWER_QUEUES = {RequestPriority.PEOPLE: "answers.people", RequestPriority.SCHEDULE: "answers"}
# A person's ticket waits for one message of the schedule at most.
WINDOWS_A_MESSAGE = {RequestPriority.PEOPLE: 1, RequestPriority.SCHEDULE: 8}
MESSAGES_UNDER_WAY = 10  # a second's work for a predictor, or two
LOST_AFTER = timedelta(minutes=1)  # what nobody answered by then
REFUSED_FIELDS = ("state", "finished_at", "error", "error_message")


def top_up(*, now: datetime) -> None:
    """Send what waits, people's first, as far as there is room. Safe to call at any time.

    A broker that is down loses nothing: the next call sends.
    """
    for priority in (RequestPriority.PEOPLE, RequestPriority.SCHEDULE):
        _top_up(priority, now)


def send_peoples(*, now: datetime) -> None:
    """Only what people wait for."""
    _top_up(RequestPriority.PEOPLE, now)


def _top_up(priority: RequestPriority, now: datetime) -> None:
    if not _waiting(priority, now).exists():
        return
    size = WINDOWS_A_MESSAGE[priority]
    try:
        claimed = _claim(priority, _find_room(priority, now), now)
        for start in range(0, len(claimed), size):
            _send(claimed[start : start + size], priority, now)
    except OperationalError as error:
        logger.warning("Requests are not on the queue yet: %s", error)


def _find_room(priority: RequestPriority, now: datetime) -> int:
    """Windows. Also what a dead predictor leaves on its queue takes room, or it would grow for ever.

    Raises kombu's OperationalError.
    """
    size = WINDOWS_A_MESSAGE[priority]
    under_way = PredictionRequest.objects.filter(
        state=RequestState.WAITING, priority=priority, sent_at__gt=now - LOST_AFTER
    ).count()
    on_queue = count_messages(QUEUES[priority]) * size
    return max(MESSAGES_UNDER_WAY * size - max(under_way, on_queue), 0)


def _waiting(priority: RequestPriority, now: datetime) -> QuerySet[PredictionRequest]:
    """To be sent, or sent and lost; the one that waits longest first."""
    return PredictionRequest.objects.filter(
        Q(sent_at__isnull=True) | Q(sent_at__lte=now - LOST_AFTER),
        state=RequestState.WAITING,
        priority=priority,
        expires_at__gt=now,
    ).order_by("created_at", "pk")


def _claim(priority: RequestPriority, room: int, now: datetime) -> list[PredictionRequest]:
    """Taken once, whoever calls; with windows. Those that cannot be asked are refused."""
    with transaction.atomic():
        rows = _waiting(priority, now)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        claimed = list(rows.select_related("place").defer("window")[:room])
        return _build_windows(claimed, now) if claimed else []


def _build_windows(claimed: Sequence[PredictionRequest], now: datetime) -> list[PredictionRequest]:
    """Those that can be asked, with their windows; the others are refused."""
    clocks = read_clocks([request.place for request in claimed], now=now)
    built = build_windows(
        [
            PlaceHour(request.place, request.window_end_at, clocks[request.place_id])
            for request in claimed
        ]
    )
    good, bad = [], []
    for request, window in zip(claimed, built, strict=True):
        if isinstance(window, contract.Window):
            request.window, request.sent_at = window.to_wire(), now
            good.append(request)
        else:
            _refuse(request, window, now)
            bad.append(request)
    _note_sent(good, now)
    if bad:
        PredictionRequest.objects.bulk_update(bad, REFUSED_FIELDS)
    return good


def _note_sent(requests: Sequence[PredictionRequest], now: datetime) -> None:
    """One statement; bulk_update would compare each row with each, once for each field."""
    windows = [When(pk=request.pk, then=Value(request.window, JSONField())) for request in requests]
    if windows:
        PredictionRequest.objects.filter(pk__in=[request.pk for request in requests]).update(
            sent_at=now, window=Case(*windows, output_field=JSONField())
        )


def _refuse(request: PredictionRequest, error: contract.ContractError, now: datetime) -> None:
    """Too little is known of the window's hours."""
    request.state, request.finished_at = RequestState.REFUSED, now
    request.error, request.error_message = type(error).__name__, one_line(str(error))


def _send(requests: Sequence[PredictionRequest], priority: RequestPriority, now: datetime) -> None:
    """One message; the answer comes back as a task of ours. Raises kombu's OperationalError.

    The callback names its queue: without one it would land on the predictor, which does not
    know the task.
    """
    windows = {str(request.pk): request.window for request in requests}
    answers = signature(ANSWER_TASK, app=current_app, queue=ANSWER_QUEUES[priority])
    try:
        current_app.send_task(
            contract.TASK_NAME,
            kwargs=messages.make_message(windows, ActiveModel.objects.find_name()),
            queue=QUEUES[priority],
            link=answers,
            # Not sooner: it is compared with the predictor's clock, which may be another.
            expires=settings.PREDICTION_EXPIRES.total_seconds(),
        )
    except OperationalError:
        ids = [request.pk for request in requests]
        PredictionRequest.objects.filter(pk__in=ids, sent_at=now).update(sent_at=None)
        raise
