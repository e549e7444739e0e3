"""The Celery app of web and worker."""

import os
import sys
from typing import Any

from celery import Celery, signals
from django.db import close_old_connections
from django.urls import set_urlconf

from dyno.broker import configure
from weatheralert.priority import OUTGOING, WORKER_QUEUES
from weatheralert.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weatheralert.settings")
# The release phase runs Django's checks; here they would load every page into the worker.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = configure(Celery("weatheralert"))
app.conf.update(
    task_acks_late=True,  # a killed worker's task runs again; every task may run twice
    task_reject_on_worker_lost=True,
    # By itself, so that a second worker may be given it, and never before what comes in.
    task_routes={
        "weatherapp.tasks.send_mails": {"queue": OUTGOING},
        "weatherapp.tasks.send_test_mail": {"queue": OUTGOING},
    },
    task_soft_time_limit=120,  # s
    task_time_limit=180,  # s
    # A child holds some 65 MB; one that has swollen to this is replaced after its task.
    worker_max_memory_per_child=180 * 1024,  # KiB
    beat_schedule=SCHEDULE,  # for `celery -A weatheralert beat`; the Procfile's has no Django
    task_publish_retry_policy={"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2},
    # Celery would connect anew for each task, which PostgreSQL starts a process for.
    CELERY_DB_REUSE_MAX=sys.maxsize,
)
app.conf.broker_transport_options |= {"queue_order_strategy": "weatheralert.priority:AnswersFirst"}
app.autodiscover_tasks()


@signals.worker_init.connect
def write_addresses_only(**_: Any) -> None:
    """A worker answers none: it needs no views. Its children inherit it."""
    set_urlconf("weatherapp.addresses")


@signals.worker_init.connect
def keep_connections(**_: Any) -> None:
    """Only in a worker, as Celery's own rule that this replaces; its children inherit it."""
    signals.task_prerun.connect(look_after_connections)
    signals.task_postrun.connect(look_after_connections)


def look_after_connections(sender: Any, **_: Any) -> None:
    """As around a web request: a connection that is broken or too old is closed."""
    if not sender.request.is_eager:
        close_old_connections()


@signals.celeryd_init.connect
def take_own_queues(options: dict[str, Any], **_: Any) -> None:
    """For `celery -A weatheralert worker` without --queues."""
    if not options.get("queues"):
        app.select_queues(WORKER_QUEUES)
