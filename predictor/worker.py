"""The predictor process: a Celery app that answers prediction requests and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from celery import Celery

from dyno.broker import configure
from predictor import config, contract
from predictor.engine import Engine
from predictor.registry import ArtefactError, NoModel, UnknownModel
from predictor.runtimes import RuntimeMissingError

logger = logging.getLogger(__name__)

# Celery would import Django wherever DJANGO_SETTINGS_MODULE is set: no fix-ups here.
# A request takes milliseconds, the first one the time of a load: what a killed predictor had in
# its hands comes back after a minute.
app = configure(
    Celery("predictor", fixups=[]), unacked=contract.UNACKED_KEY, visibility_timeout_s=60
)
app.conf.broker_transport_options |= {"queue_order_strategy": "predictor.turns:PeopleFirst"}
engine = Engine(config.MODELS_FOLDER, config.read_default_model(), config.read_runtime())

_ANTICIPATED = (
    contract.ContractError,
    ArtefactError,
    NoModel,
    UnknownModel,
    RuntimeMissingError,
)


@app.task(name=contract.TASK_NAME, acks_late=True, ignore_result=True)
def predict_rain(
    *,
    request_id: str,
    schema_version: int = 0,
    window: dict[str, Any] | None = None,
    model: str | None = None,
    **newer: object,
) -> dict[str, Any]:
    """The message for the request's callback: an answer or a refusal, never an exception.

    `newer` takes what a later schema may send, so that its version can be refused by name.
    """
    outcome = refuse_errors(
        lambda: engine.answer(contract.parse_window(schema_version, window or {}), model),
        request_id,
    )
    return {**outcome.to_wire(), "request_id": request_id}


def refuse_errors(
    answer: Callable[[], contract.Answer], request_id: str
) -> contract.Answer | contract.Refusal:
    """A refusal is delivered like an answer: the site waits for either."""
    try:
        return answer()
    except _ANTICIPATED as error:
        logger.warning("Request %s refused: %s", request_id, error)
        return contract.Refusal(type(error).__name__, str(error))
    except Exception as error:  # whatever it is, the requester must hear of it
        logger.exception("Request %s failed", request_id)
        return contract.Refusal("PredictorError", f"{type(error).__name__}: {error}")
