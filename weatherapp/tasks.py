"""The Celery doors: fetch the row, call one plain function, queue what follows.

Every task may run twice: messages are acknowledged after the work, and beat may tick twice.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from weatherapp import passes
from weatherapp.alerting import evaluation, nearness, trying
from weatherapp.backtest_tasks import record_past_answers, run_backtest, take_up_backtests
from weatherapp.delivery import forgetting, outbox
from weatherapp.domain.conditions import Basis
from weatherapp.forecasting.asking import (
    answers,
    dispatch,
    requests,
    tickets,
)
from weatherapp.health import clocks, heartbeat
from weatherapp.health.heartbeat import HeartbeatRefusedError
from weatherapp.health.ticks import DAY, HOUR, MINUTE, known_paces, tick
from weatherapp.intake import planning
from weatherapp.intake.backfill import backfill
from weatherapp.intake.refresh import refresh
from weatherapp.intake.schedule import BACKFILL_PAUSE
from weatherapp.mail_tasks import owe_official_mails, queue_mails, send_mails, send_test_mail
from weatherapp.models import Budget, Geocoding, Place, TickRun
from weatherapp.mqtt_tasks import publish_mqtt
from weatherapp.net.errors import NetError
from weatherapp.publishing_tasks import (
    forget_old_messages,
    publish_alerts,
    publish_due_alerts,
)
from weatherapp.warning_tasks import (
    code_places,
    forget_official_warnings,
    poll_due_sources,
    poll_source,
    suggest_sources,
    update_official_events,
)

BACKFILLS_A_TICK = 10  # a few seconds of work, between which the hour's other tasks get their turn
DUE_A_TICK = 1000  # the next tick goes on

# Celery looks for tasks in this file alone.
__all__ = [
    "code_places",
    "forget_official_warnings",
    "forget_old_messages",
    "owe_official_mails",
    "poll_due_sources",
    "poll_source",
    "publish_alerts",
    "publish_due_alerts",
    "publish_mqtt",
    "queue_mails",
    "record_past_answers",
    "run_backtest",
    "send_mails",
    "send_test_mail",
    "suggest_sources",
    "take_up_backtests",
    "update_official_events",
]


@shared_task
@tick(every=MINUTE)
def mend_times() -> None:
    """Tick: what a clock that was ahead left in the future, and ticks that are no more."""
    clocks.mend_times(now=timezone.now())
    TickRun.objects.forget_others(set(known_paces()))


@shared_task
@tick(every=MINUTE)
def refresh_due_places() -> None:
    """Tick: claim what is due, a task a batch."""
    planning.hasten(now=timezone.now())
    while place_ids := Place.objects.claim_due(
        now=timezone.now(), lease=settings.FETCH_LEASE, limit=settings.FETCH_BATCH
    ):
        refresh_places.delay(place_ids=place_ids)


@shared_task
def refresh_places(*, place_ids: list[int]) -> None:
    """Fetch and store the weather, apply the rules to it, then ask the predictor about it.

    What was measured and forecast decides at once, whether or not a prediction ever comes.
    """
    refreshed = refresh(place_ids, now=timezone.now())
    _evaluate(refreshed, now=timezone.now())
    places = Place.objects.filter(pk__in=refreshed).order_by("pk")
    requests.request_predictions(list(places), now=timezone.now())
    dispatch.top_up(now=timezone.now())


@shared_task
@tick(every=MINUTE)
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
def look_up_name(*, geocoding_id: int) -> None:
    """Ask Open-Meteo where a place of that name is."""
    from weatherapp.intake import geocoding  # with the network client, which few tasks need

    geocoding.look_up(geocoding_id, now=timezone.now())


@shared_task
def request_predictions(*, place_ids: list[int]) -> None:
    """Ask the predictor on behalf of somebody who runs the site."""
    for place in Place.objects.filter(pk__in=place_ids).order_by("pk"):
        tickets.ask(place, now=timezone.now())


@shared_task
def record_predictions(message: dict[str, Any]) -> None:
    """Callback of the predictor: store the answers and apply the places' rules, both or neither.

    Then there is room at the predictor for the next questions.
    """
    now = timezone.now()
    with transaction.atomic():
        if place_ids := answers.record_answers(message, now=now):
            _evaluate(place_ids, now=now, new=[Basis.PROBABILITY])
    dispatch.top_up(now=timezone.now())


@shared_task
def evaluate_places(*, place_ids: list[int]) -> None:
    """Apply the rules to the places, for example after one was edited."""
    for ids in evaluation.split(place_ids):
        _evaluate(ids, now=timezone.now())


@shared_task
@tick(every=MINUTE)
def evaluate_due_places() -> None:
    """Tick: alerts that time alone may change: what they spoke of is over, or facts are too old.

    A task a batch, for whoever is free; the first is done here, and one that fails fails alone.
    """
    now = timezone.now()
    batches = evaluation.split(evaluation.find_due_places(now=now, limit=DUE_A_TICK))
    for place_ids in batches[1:]:
        evaluate_if_due.delay(place_ids=place_ids)
    for place_ids in batches[:1]:
        _evaluate(place_ids, now=now)


@shared_task
def evaluate_if_due(*, place_ids: list[int]) -> None:
    """A second message about the same places finds nothing to do."""
    now = timezone.now()
    if due := evaluation.find_due_places(now=now, limit=DUE_A_TICK, among=place_ids):
        _evaluate(due, now=now)


@shared_task
@tick(every=MINUTE)
def settle_overdue_predictions() -> None:
    """Tick: requests that were not answered."""
    requests.settle_overdue(now=timezone.now())


@shared_task
@tick(every=MINUTE)
def top_up_predictor() -> None:
    """Tick: requests that no message carries; and what nobody needs to remember."""
    now = timezone.now()
    dispatch.top_up(now=now)
    tickets.forget_old(now=now)
    Budget.objects.forget_full(now=now)


@shared_task
@tick(every=MINUTE)
def repair_climates() -> None:
    """Tick: what was usual at places is counted anew once a day, in parts."""
    _go_through_places("repair_climates")


@shared_task
@tick(every=MINUTE)
def score_and_fit() -> None:
    """Tick: what came against what was said, and what this teaches, in parts."""
    _go_through_places("score_and_fit")


@shared_task
@tick(every=HOUR)
def forget_old_weather() -> None:
    """Tick: readings, forecasts, predictions and tries that nothing looks at any more."""
    _go_through_places("forget_old_weather")
    trying.forget_old(now=timezone.now())
    Geocoding.objects.forget_old(now=timezone.now())


@shared_task
def help_tick(*, name: str) -> None:
    """For a free worker, while a tick goes through all places: it takes parts, too.

    Where none is free the tick is over when the message is taken, and nothing is to be done.
    """
    if name in passes.PASSES and TickRun.objects.is_running(name):
        _go_through_places(name)


@shared_task
@tick(every=DAY)
def forget_personal_data() -> None:
    """Tick: addresses and mails that nobody needs any more."""
    forgetting.forget_personal_data(now=timezone.now())


@shared_task(throws=(NetError, HeartbeatRefusedError))
@tick(every=MINUTE)
def ping_heartbeat() -> None:
    """Tick: tell the operator's address that the site works, if it does."""
    if settings.HEARTBEAT_URL:
        heartbeat.ping_after_good_cycle(settings.HEARTBEAT_URL, now=timezone.now())


def _go_through_places(name: str) -> None:
    """Who helps asks for more help: in the end as many take part as are free."""
    passes.PASSES[name](partial(_ask_help, name))


def _ask_help(name: str) -> None:
    try:
        help_tick.delay(name=name)
    except OperationalError:
        # Without a broker nobody else works; the part that was taken is done all the same.
        return


def _evaluate(
    place_ids: list[int], *, now: datetime, new: Collection[Basis] = tuple(Basis)
) -> None:
    """Changes and the mails that they owe are born together; a mail is queued when they are.

    What the rules now say of the places also says how soon they are fetched again.
    """
    with transaction.atomic():
        changes = evaluation.evaluate_places(place_ids, now=now, new=new)
        if outbox.enqueue(changes, now=now):
            transaction.on_commit(queue_mails)
        if changes:
            transaction.on_commit(publish_alerts.delay)
        planning.plan_refreshes(place_ids, find_near=nearness.find_near, now=now)
