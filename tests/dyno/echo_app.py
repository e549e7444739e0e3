"""A small Celery app, whose tasks say in the log that they ran."""

import logging

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
