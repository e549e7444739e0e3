"""`python -m dyno.run_beat weatheralert.beat`: Celery beat without Celery's command line."""

from __future__ import annotations

import logging.config
import sys
from importlib import import_module
from typing import Any

from celery import Celery, signals
from celery.beat import EmbeddedService

from dyno import logs
from dyno.identity import name_process
from dyno.watch import watch_process


def main() -> None:
    """Tick until told to stop."""
    name_process("beat")
    logging.config.dictConfig(logs.logging_config())
    app = import_module(sys.argv[1]).app
    app.set_default()
    # Celery imports its queues at the first tick: a signal in the middle of that ends with an error.
    _ = app.amqp
    watch = watch_process()
    try:
        app.Beat(loglevel=logging.getLogger().level, quiet=True).run()
    finally:
        watch.stop()


def embed_beat(app: Celery) -> None:
    """Tick in a thread of the worker that is about to start, for a machine that holds all."""
    service: Any = EmbeddedService(app, thread=True, scheduler_cls=app.conf.beat_scheduler)
    signals.worker_ready.connect(lambda **_: service.start(), weak=False)
    signals.worker_shutting_down.connect(lambda **_: service.service.stop(), weak=False)


if __name__ == "__main__":
    main()
