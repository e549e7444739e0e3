"""What `celery -A ... worker` and `celery -A ... beat` do as the Procfile's own entries do.

Logs, reports and a child's small memory; the command line itself costs what dyno/run_worker.py saves.
"""

from __future__ import annotations

import atexit
import logging.config
from typing import Any

from celery import signals

from dyno import logs
from dyno.identity import is_named, name_process


def connect_signals() -> None:
    """Safe to call again; the Procfile's entries have named their process before these are sent."""
    signals.setup_logging.connect(_log_as_we_do)
    signals.celeryd_init.connect(_begin_worker)
    signals.beat_init.connect(_begin_beat)


def _log_as_we_do(**_: Any) -> None:
    """Celery leaves logging alone when somebody listens."""
    logging.config.dictConfig(logs.logging_config())


def _begin_worker(sender: str, **_: Any) -> None:
    """`sender` is like celery@host, where the command line names no other."""
    if is_named():
        return
    from dyno.run_worker import connect_signals  # which the web process does without

    name = sender.partition("@")[0]
    name_process("worker" if name == "celery" else name)
    connect_signals()
    signals.worker_ready.connect(_watch)


def _begin_beat(**_: Any) -> None:
    if not is_named():
        name_process("beat")
        _watch()


def _watch(**_: Any) -> None:
    from dyno.watch import watch_process

    atexit.register(watch_process().stop)
