"""The Celery doors to mails; weatherapp/tasks.py names them, and says what holds for all."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from weatherapp.delivery import batch, breaker, official_outbox, trial_mail
from weatherapp.domain.time_limit import start_time_limit
from weatherapp.health.ticks import MINUTE, tick

OWING_SECONDS = 10.0  # of a minute


@shared_task(name="weatherapp.tasks.owe_official_mails")
@tick(every=MINUTE)
def owe_official_mails() -> None:
    """Tick: mails about official warnings; those of a storm are owed over some ticks."""
    is_time_up = start_time_limit(OWING_SECONDS)
    if official_outbox.owe_official_mails(now=timezone.now(), is_time_up=is_time_up):
        queue_mails()


@shared_task(
    name="weatherapp.tasks.send_mails",
    soft_time_limit=settings.MAIL_LIMIT_SECONDS,
    time_limit=settings.MAIL_LIMIT_SECONDS + 15,
)
@tick(every=MINUTE)
def send_mails() -> None:
    """Tick, and whenever something is owed: send what is due, for a while, then queue the rest."""
    bounds = batch.Bounds(
        settings.MAILS_IN_A_ROW, timedelta(seconds=settings.MAIL_SECONDS_IN_A_ROW)
    )
    if batch.send_due(timezone.now, bounds):
        queue_mails()


@shared_task(
    name="weatherapp.tasks.send_test_mail",
    soft_time_limit=settings.MAIL_LIMIT_SECONDS,
    time_limit=settings.MAIL_LIMIT_SECONDS + 15,
)
def send_test_mail(*, name: str, address: str, language: str) -> None:
    """To an operator who waits for how it ends."""
    trial_mail.send_test_mail(name, address=address, language=language)


def queue_mails() -> None:
    """However many ask, one run waits. What is not queued here the next tick finds."""
    if breaker.ask_run(breaker.MAIL, now=timezone.now()):
        send_mails.delay()
