"""The ticks that beat sends, at moments that a test chooses."""

from __future__ import annotations

from celery import Celery

from dyno.broker import configure
from weatheralert.beat import app as clock


class Ticks:
    """With their queues and lives, to the site whose Redis is at the address."""

    def __init__(self, redis_url: str) -> None:
        self.app = configure(Celery("ticks", fixups=[], set_as_current=False))
        self.app.conf.broker_url = redis_url

    def send(self, *names: str) -> None:
        """All of them, where none is named."""
        for name, entry in clock.conf.beat_schedule.items():
            if not names or name in names:
                self.app.send_task(entry["task"], **entry["options"])
