"""How the broker answers, as a row: one that fails is left alone, for longer each time."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from weatherapp.models import OutgoingServer
from weatherapp.mqtt.broker import BrokerError

logger = logging.getLogger(__name__)

MQTT = "mqtt"
FIRST_REST = timedelta(seconds=50)  # the next tick tries again
LONGEST_REST = timedelta(minutes=5)


def is_resting(now: datetime) -> bool:
    server = OutgoingServer.objects.filter(pk=MQTT).first()
    return server is not None and server.is_resting(now)


def note_success(now: datetime) -> None:
    OutgoingServer.objects.update_or_create(
        pk=MQTT, defaults={"failures": 0, "open_until": None, "last_success_at": now}
    )


def note_failure(error: BrokerError, *, now: datetime) -> None:
    """What is kept begins with the problem's name: the rest may name hosts."""
    server, _ = OutgoingServer.objects.get_or_create(pk=MQTT)
    server.failures += 1
    rest = min(FIRST_REST * (1 << min(server.failures - 1, 10)), LONGEST_REST)
    server.open_until = now + rest
    server.last_error = str(error)[:500]
    server.last_failure_at = now
    server.save()
    logger.warning("MQTT broker failed, left alone for %.0f s: %s", rest.total_seconds(), error)
