"""The predictor process: a Celery app that answers prediction requests and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from celery import Celery
from celery.signals import task_postrun, worker_ready, worker_shutdown

from dyno.broker import configure
from predictor import config, contract, messages
from predictor.engine import Engine
from predictor.idle import IdleWatch
from predictor.registry import ArtefactError, NoModelError, UnknownModelError
from predictor.replacement import Replacement, stop_this_process
from predictor.runtimes import RuntimeMissingError

logger = logging.getLogger(__name__)

# Celery would import Django wherever DJANGO_SETTINGS_MODULE is set: no fix-ups here.
# A request takes milliseconds, the first one the time of a load: what a killed predictor had in
# its hands comes back after a minute.
app = configure(
    Celery("predictor", fixups=[]), unacked=contract.UNACKED_KEY, visibility_timeout_s=60
)
app.conf.broker_transport_options |= {"queue_order_strategy": "predictor.priority:PeopleFirst"}
engine = Engine(config.MODELS_FOLDER, config.read_default_model(), config.read_runtime())
idle_watch = IdleWatch(engine, config.read_idle_s())
replacement = Replacement(
    max_requests=config.read_max_requests(), max_memory_mb=config.read_max_memory_mb()
)

_ANTICIPATED = (
    contract.ContractError,
    ArtefactError,
    NoModelError,
    UnknownModelError,
    RuntimeMissingError,
)


@app.task(name=contract.TASK_NAME, acks_late=True, ignore_result=True)
def predict_rain(
    *,
    questions: object,
    schema_version: object = 0,
    model: str | None = None,
    **newer: object,
) -> dict[str, Any]:
    """The message for the callback: of each question an answer or a refusal, never an exception.

    Each window is predicted by itself: a bad one spoils no other. `newer` takes what a later schema
    may send, so that its version can be refused by name.
    """
    asked = messages.parse_questions(questions)
    return {"answers": [_answer(question, schema_version, model) for question in asked]}


def _answer(
    question: messages.Question, schema_version: object, model: str | None
) -> dict[str, Any]:
    outcome = refuse_errors(
        lambda: engine.answer(contract.parse_window(schema_version, question.window), model),
        question.request_id,
    )
    return {**outcome.to_wire(), "request_id": question.request_id}


def refuse_errors(
    answer: Callable[[], contract.Answer], request_id: str
) -> contract.Answer | contract.Refusal:
    """A refusal is delivered like an answer: the site waits for either."""
    try:
        return answer()
    except _ANTICIPATED as error:
        logger.warning("Request %s refused: %s", _show(request_id), error)
        return contract.Refusal(type(error).__name__, str(error))
    except Exception as error:  # whatever it is, the requester must hear of it
        logger.exception("Request %s failed", _show(request_id))
        return contract.Refusal("PredictorError", f"{type(error).__name__}: {error}")


def _show(request_id: object) -> str:
    """It came with the message: no line break of its may reach the log."""
    return ascii(str(request_id)[:80])[1:-1]


@worker_ready.connect
def begin(**_: object) -> None:
    """What is wrong with the models is said at the start, and again in each request's refusal.

    The process stays up: a refusal tells the site why, an absent predictor only that.
    """
    try:
        manifest = engine.check()
    except _ANTICIPATED as error:
        logger.error("No request can be answered: %s: %s", type(error).__name__, error)
    else:
        logger.info("Answers with %s %s on %s", manifest.name, manifest.version, engine.runtime)
    idle_watch.start()


@worker_shutdown.connect
def end(**_: object) -> None:
    idle_watch.stop()


@task_postrun.connect
def make_room_if_due(retval: object = None, **_: object) -> None:
    """The message is answered: now is the moment to be replaced, if that is due."""
    answers = retval.get("answers") if isinstance(retval, dict) else None
    if reason := replacement.count_answers(len(answers or ())):
        stop_this_process(reason)
