"""A small Celery app, whose tasks say in the log that they ran."""

import logging
from pathlib import Path
from time import monotonic, sleep

from celery import Celery, shared_task

from dyno.broker import configure

logger = logging.getLogger(__name__)

app = configure(Celery("echo", fixups=[]))
app.conf.task_default_queue = "echo"


@shared_task(name="echo.say")
def say(word: str) -> str:
    logger.info("said %s", word)
    return word


@shared_task(name="echo.hear")
def hear(word: str) -> None:
    logger.info("heard %s", word)


@shared_task(name="echo.wait", acks_late=True)
def wait(path: str) -> None:
    """Until the file is there."""
    logger.info("waits for %s", path)
    deadline = monotonic() + 60
    while not Path(path).exists() and monotonic() < deadline:
        sleep(0.02)  # between two looks
    logger.info("has waited")
