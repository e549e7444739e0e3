"""The Celery doors to backtests; weatherapp/tasks.py names them, and says what holds for all."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from weatherapp.alerting import trying
from weatherapp.forecasting.asking import past_windows
from weatherapp.health.ticks import MINUTE, tick
from weatherapp.intake.archive import read_archive


@shared_task(name="weatherapp.tasks.run_backtest")
def run_backtest(*, backtest_id: int) -> None:
    """Try a rule on the past, a turn long; what is left waits behind the queue's other work.

    Where it waits for the predictor, the last answer goes on.
    """
    if past_windows.ask_more(backtest_id, read_archive, now=timezone.now()):
        return
    if trying.work(backtest_id, clock=timezone.now, archive=read_archive):
        run_backtest.delay(backtest_id=backtest_id)


@shared_task(name="weatherapp.tasks.record_past_answers")
def record_past_answers(message: dict[str, Any]) -> None:
    """Callback of the predictor: store what it said of hours long gone."""
    for backtest_id in past_windows.record_past_answers(message, now=timezone.now()):
        run_backtest.delay(backtest_id=backtest_id)


@shared_task(name="weatherapp.tasks.take_up_backtests")
@tick(every=MINUTE)
def take_up_backtests() -> None:
    """Tick: tries whose message was lost, or whose worker was killed."""
    for backtest_id in trying.find_overdue(now=timezone.now()):
        run_backtest.delay(backtest_id=backtest_id)
