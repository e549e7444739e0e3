"""The predictor is asked about hours long gone, for rules that are tried on the past.

Behind all others: on the queue of the schedule, and never more than IN_FLIGHT at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from celery import current_app, signature
from kombu.exceptions import OperationalError

from predictor import contract, messages
from weatherapp.domain.series import Series
from weatherapp.domain.spans import HOUR
from weatherapp.forecasting.asking.climate import RECORD_HOURS, measure_climate
from weatherapp.forecasting.asking.window import UNKNOWN_HOUR
from weatherapp.models import ActiveModel, Backtest, BacktestQuestion, Place

logger = logging.getLogger(__name__)

ANSWER_TASK = "weatherapp.tasks.record_past_answers"
ANSWER_QUEUE = "default"  # behind the answers about today
WINDOWS_A_MESSAGE = 8  # as of the schedule
IN_FLIGHT = 50
ANSWER_WITHIN = timedelta(minutes=10)  # then it is asked again
MOST_ATTEMPTS = 3

Row = tuple[float | None, ...]
ReadArchive = Callable[[Place], Series | None]


def ask_more(backtest_id: int, archive: ReadArchive, *, now: datetime) -> bool:
    """Whether the try waits for answers; asks the next questions when none is under way.

    Safe to call at any time. What nobody answered in MOST_ATTEMPTS counts as unknown.
    """
    questions = BacktestQuestion.objects.of(backtest_id).open()
    lost = questions.filter(sent_at__lte=now - ANSWER_WITHIN)
    lost.filter(attempts__gte=MOST_ATTEMPTS).update(answered_at=now, error="NoAnswer")
    if questions.filter(sent_at__gt=now - ANSWER_WITHIN).exists():
        return Backtest.objects.await_answers(backtest_id, now=now)
    while batch := list(questions.select_related("stretch__place")[:IN_FLIGHT]):
        if _ask(batch, archive, now):
            return Backtest.objects.await_answers(backtest_id, now=now)
    return False


def record_past_answers(message: Mapping[str, Any], *, now: datetime) -> list[int]:
    """Store each, once; the ids of the tries whose last answers under way these were."""
    said = messages.parse_answers(message)
    ids = [int(text) for text in said if text.isdecimal()]
    questions = list(BacktestQuestion.objects.open().filter(pk__in=ids).select_related("stretch"))
    for question in questions:
        question.answered_at = now
        _note(question, said[str(question.pk)])
        question.save()
    tries = sorted({question.stretch.backtest_id for question in questions})
    return [backtest_id for backtest_id in tries if not _is_under_way(backtest_id)]


def _is_under_way(backtest_id: int) -> bool:
    return BacktestQuestion.objects.of(backtest_id).open().exclude(sent_at=None).exists()


def _note(question: BacktestQuestion, message: Mapping[str, Any]) -> None:
    try:
        answer = contract.parse_answer(message)
    except contract.ContractError as error:
        answer = contract.Refusal(type(error).__name__, str(error))
    if isinstance(answer, contract.Refusal):
        question.error = answer.error[:80]
        return
    question.hourly_probability = list(answer.hourly_probability)
    question.probability_any_6h = answer.probability_any_6h
    question.probability_any_24h = answer.probability_any_24h


def _ask(batch: Sequence[BacktestQuestion], archive: ReadArchive, now: datetime) -> bool:
    """Those of the first one's place; whether any is under way, or will be when the broker is back."""
    ours = [question for question in batch if question.stretch.place == batch[0].stretch.place]
    windows = dict(_build(ours, archive))
    for question in ours:
        if question not in windows:
            question.answered_at, question.error = now, contract.ContractError.__name__
            question.save()
    try:
        entries = list(windows.items())
        for start in range(0, len(entries), WINDOWS_A_MESSAGE):
            _send(dict(entries[start : start + WINDOWS_A_MESSAGE]), now)
    except OperationalError as error:
        logger.warning("Questions of a try are not on the queue yet: %s", error)
    return bool(windows)


def _build(
    questions: Sequence[BacktestQuestion], archive: ReadArchive
) -> Iterator[tuple[BacktestQuestion, contract.Window]]:
    """Windows of those of one place's questions that can be asked."""
    place = questions[0].stretch.place
    first_at = questions[0].window_end_at - (RECORD_HOURS - 1) * HOUR
    record = _read_rows(place, archive(place), first_at, questions[-1].window_end_at)
    for question in questions:
        end = (question.window_end_at - first_at) // HOUR + 1
        # Too little is known there: the live site would not have asked either.
        with suppress(contract.ContractError):
            known = record[end - RECORD_HOURS : end]
            yield question, _make_window(place, question.window_end_at, known)


def _make_window(
    place: Place, window_end_at: datetime, record: Sequence[Row | None]
) -> contract.Window:
    return contract.make_window(
        latitude=place.latitude,
        longitude=place.longitude,
        window_end_at=window_end_at,
        hours=[row or UNKNOWN_HOUR for row in record[-contract.WINDOW_HOURS :]],
        climate=measure_climate(record),
    )


def _read_rows(
    place: Place, kept: Series | None, first_at: datetime, last_at: datetime
) -> list[Row | None]:
    """An hour a row, as the window takes them; None where nothing is known."""
    rows: list[Row | None] = [None] * ((last_at - first_at) // HOUR + 1)
    if kept is not None:
        for index in range(len(rows)):
            known = kept.at(first_at + index * HOUR)
            if known:
                rows[index] = tuple(known.get(name) for name in contract.FEATURE_NAMES)
        return rows
    stored = place.readings.filter(observed_at__range=(first_at, last_at)).order_by()
    for observed_at, *values in stored.values_list("observed_at", *contract.FEATURE_NAMES):
        rows[(observed_at - first_at) // HOUR] = tuple(values)
    return rows


def _send(windows: Mapping[BacktestQuestion, contract.Window], now: datetime) -> None:
    """One message. Raises kombu's OperationalError."""
    asked = {str(question.pk): window.to_wire() for question, window in windows.items()}
    current_app.send_task(
        contract.TASK_NAME,
        kwargs=messages.make_message(asked, ActiveModel.objects.find_name()),
        queue=contract.SCHEDULE_QUEUE,
        link=signature(ANSWER_TASK, app=current_app, queue=ANSWER_QUEUE),
        expires=ANSWER_WITHIN.total_seconds(),
    )
    for question in windows:
        question.sent_at, question.attempts = now, question.attempts + 1
        question.save(update_fields=["sent_at", "attempts"])
