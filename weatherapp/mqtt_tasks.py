"""The Celery door to MQTT; weatherapp/tasks.py names it, and says what holds for all."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from weatherapp.health.ticks import MINUTE, tick

LIMIT_SECONDS = 40  # the broker has half of it; names that nobody looks up take what they like


@shared_task(
    name="weatherapp.tasks.publish_mqtt",
    soft_time_limit=LIMIT_SECONDS,
    time_limit=LIMIT_SECONDS + 15,
)
@tick(every=MINUTE)
def publish_mqtt() -> None:
    """Tick: tell the broker, where there is one, what changed; and that we are there."""
    if settings.MQTT.is_on:
        from weatherapp.mqtt import workflow  # with its client, which is installed where it is used

        workflow.publish_due(now=timezone.now())
