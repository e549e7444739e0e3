"""The Celery doors to publishing; weatherapp/tasks.py names them, and says what holds for all."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from weatherapp.domain.time_limit import start_time_limit
from weatherapp.health.ticks import HOUR, MINUTE, tick
from weatherapp.publishing import forgetting

FORGETTING_SECONDS = 10.0  # of an hour


@shared_task(name="weatherapp.tasks.publish_alerts")
def publish_alerts() -> None:
    """What changed goes out for machines; what is left of a large change waits for its turn again."""
    from weatherapp.publishing import workflow  # with XML, which web does not need

    if workflow.publish_due(now=timezone.now()) == workflow.BATCH:
        publish_alerts.delay()


@shared_task(name="weatherapp.tasks.publish_due_alerts")
@tick(every=MINUTE)
def publish_due_alerts() -> None:
    """Tick: messages that would expire, and what a lost message of the queue was about."""
    publish_alerts()


@shared_task(name="weatherapp.tasks.forget_old_messages")
@tick(every=HOUR)
def forget_old_messages() -> None:
    """Tick: what was published long ago."""
    is_time_up = start_time_limit(FORGETTING_SECONDS)
    forgetting.forget_old_messages(now=timezone.now(), is_time_up=is_time_up)
