"""The Celery doors: fetch the row, call one plain function, queue what follows.

Every task may run twice: messages are acknowledged after the work, and beat may tick twice.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from weatherapp.alerting import evaluation, trying
from weatherapp.delivery import confirmations, outbox
from weatherapp.delivery.email import MailServerError
from weatherapp.forecasting import (
    answers,
    inquiries,
    past_windows,
    put_back,
    recalibrating,
    requests,
    scoring,
    weights,
)
from weatherapp.intake import retention
from weatherapp.intake.archive import read_archive
from weatherapp.intake.backfill import backfill
from weatherapp.intake.refresh import refresh
from weatherapp.intake.schedule import BACKFILL_PAUSE
from weatherapp.models import Budget, Place

MAILS_A_TICK = 200
BACKFILLS_A_TICK = 10  # a few seconds of work, between which the hour's other tasks get their turn


@shared_task
def refresh_due_places() -> None:
    """Tick: claim what is due, a task a batch."""
    while place_ids := Place.objects.claim_due(
        now=timezone.now(), lease=settings.FETCH_LEASE, limit=settings.FETCH_BATCH
    ):
        refresh_places.delay(place_ids=place_ids)


@shared_task
def refresh_places(*, place_ids: list[int]) -> None:
    """Fetch and store the weather, then ask the predictor about each place that got some."""
    refreshed = refresh(place_ids, now=timezone.now())
    for place in Place.objects.filter(pk__in=refreshed).order_by("pk"):
        requests.request_prediction(place, now=timezone.now())


@shared_task
def backfill_due_places() -> None:
    """Tick: places whose days before their first fetch are still to be stored, a task each."""
    for place_id in Place.objects.claim_young(
        now=timezone.now(), pause=BACKFILL_PAUSE, limit=BACKFILLS_A_TICK
    ):
        backfill_place.delay(place_id=place_id)


@shared_task
def backfill_place(*, place_id: int) -> None:
    """Some 2,200 rows: one place at a time, so that the worker stays small."""
    backfill(place_id, now=timezone.now())


@shared_task
def request_predictions(*, place_ids: list[int]) -> None:
    """Ask the predictor on behalf of somebody who runs the site."""
    for place in Place.objects.filter(pk__in=place_ids).order_by("pk"):
        inquiries.ask(place, now=timezone.now())


@shared_task
def record_prediction(message: dict[str, Any], *, request_id: str) -> None:
    """Callback of the predictor: store the answer and apply the place's rules, both or neither."""
    now = timezone.now()
    with transaction.atomic():
        place_id = answers.record_answer(UUID(request_id), message, now=now)
        delivery_ids = [] if place_id is None else _evaluate([place_id], now)
    _queue_deliveries(delivery_ids)


@shared_task
def evaluate_places(*, place_ids: list[int]) -> None:
    """Apply the rules at the places, for example after one was edited."""
    _queue_deliveries(_evaluate(place_ids, timezone.now()))


@shared_task
def settle_overdue_predictions() -> None:
    """Tick: requests that were not answered, and alerts that time alone may change."""
    now = timezone.now()
    requests.settle_overdue(now=now)
    due = evaluation.find_due_places(now=now, limit=evaluation.BATCH)
    _queue_deliveries(_evaluate(due, now))


@shared_task
def put_back_lost_requests() -> None:
    """Tick: requests that the broker does not have; and what nobody needs to remember."""
    now = timezone.now()
    put_back.put_back_lost(now=now)
    inquiries.forget_old(now=now)
    Budget.objects.forget_full(now=now)


@shared_task
def score_and_fit() -> None:
    """Tick: what came against what was said, and the weights and places' lines that this teaches."""
    scoring.score_places()
    weights.learn_weights(now=timezone.now())
    recalibrating.learn_from_misses(now=timezone.now())


@shared_task
def forget_old_weather() -> None:
    """Tick: readings, forecasts, predictions and tries that nothing looks at any more."""
    retention.forget_old_weather(now=timezone.now())
    trying.forget_old(now=timezone.now())


@shared_task
def run_backtest(*, backtest_id: int) -> None:
    """Try a rule on the past, a turn long; what is left waits behind the queue's other work.

    Where it waits for the predictor, the last answer goes on.
    """
    if past_windows.ask_more(backtest_id, read_archive, now=timezone.now()):
        return
    if trying.work(backtest_id, clock=timezone.now, archive=read_archive):
        run_backtest.delay(backtest_id=backtest_id)


@shared_task
def record_past_answer(message: dict[str, Any], *, question_id: int) -> None:
    """Callback of the predictor: store what it said of an hour long gone."""
    backtest_id = past_windows.record_past_answer(question_id, message, now=timezone.now())
    if backtest_id is not None:
        run_backtest.delay(backtest_id=backtest_id)


@shared_task
def take_up_backtests() -> None:
    """Tick: tries whose message was lost, or whose worker was killed."""
    for backtest_id in trying.find_overdue(now=timezone.now()):
        run_backtest.delay(backtest_id=backtest_id)


@shared_task
def deliver_due() -> None:
    """Tick: mails that are still owed, also those that a killed worker left behind."""
    now = timezone.now()
    for delivery_id in outbox.due(now=now, limit=MAILS_A_TICK):
        send_delivery.delay(delivery_id=delivery_id)
    for subscription_id in confirmations.due(now=now, limit=MAILS_A_TICK):
        send_confirmation.delay(subscription_id=subscription_id)


@shared_task(throws=(MailServerError,))
def send_delivery(*, delivery_id: int) -> None:
    """Mail one person about one change; the row remembers failures and when to try again."""
    outbox.send(delivery_id, now=timezone.now())


@shared_task(throws=(MailServerError,))
def send_confirmation(*, subscription_id: int) -> None:
    """Mail the link by which a new subscriber confirms the address."""
    confirmations.send(subscription_id, now=timezone.now())


def _evaluate(place_ids: list[int], now: datetime) -> list[int]:
    """Changes and the mails that they owe are born together; the ids of the mails."""
    with transaction.atomic():
        changes = evaluation.evaluate_places(place_ids, now=now)
        return outbox.enqueue(changes, now=now)


def _queue_deliveries(delivery_ids: list[int]) -> None:
    """What is not queued here, because the process died, the next tick picks up."""
    for delivery_id in delivery_ids:
        send_delivery.delay(delivery_id=delivery_id)
