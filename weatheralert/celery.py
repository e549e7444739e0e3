"""The Celery app of web and worker."""

import os

from celery import Celery

from dyno.broker import configure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weatheralert.settings")

app = configure(Celery("weatheralert"))
app.conf.update(
    task_acks_late=True,  # a killed worker's task runs again; every task may run twice
    task_reject_on_worker_lost=True,
    task_soft_time_limit=120,  # s
    task_time_limit=180,  # s
    task_publish_retry_policy={"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2},
)
app.autodiscover_tasks()
