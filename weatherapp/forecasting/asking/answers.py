"""The predictor's answers, stored once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from predictor import contract
from weatherapp.forecasting.blending.with_source import blend_with_source
from weatherapp.models import Prediction, PredictionRequest, RequestState
from weatherapp.net.one_line import one_line

logger = logging.getLogger(__name__)

LONGEST_NAME = 80  # of an error
# A late answer is still an answer: better than none.
OPEN_TO_ANSWER = (RequestState.WAITING, RequestState.EXPIRED)


def record_answer(request_id: UUID, message: Mapping[str, Any], *, now: datetime) -> int | None:
    """Store what the predictor said; the place's id, or None where nobody asked.

    Safe to call again with the same answer (queues deliver at least once): it is stored once,
    and the place's id comes back, so that a caller who was killed can go on.
    """
    with transaction.atomic():
        request = PredictionRequest.objects.select_for_update().filter(pk=request_id).first()
        if request is None:
            logger.warning("Answer to request %s, which nobody asked", request_id)
            return None
        if request.state not in OPEN_TO_ANSWER or _is_superseded(request):
            return request.place_id
        answer = _parse(message)
        if isinstance(answer, contract.Answer):
            _store(request, answer, now=now)
            request.state = RequestState.ANSWERED
        else:
            request.state = RequestState.REFUSED
            request.error = one_line(answer.error, LONGEST_NAME)
            request.error_message = one_line(answer.message)
            logger.error(
                "Request %s refused: %s: %s", request.pk, request.error, request.error_message
            )
        request.finished_at = now
        request.save()
    return request.place_id


def _is_superseded(request: PredictionRequest) -> bool:
    return (
        request.state == RequestState.EXPIRED
        and PredictionRequest.objects.filter(
            place_id=request.place_id,
            window_end_at=request.window_end_at,
            state__in=(RequestState.WAITING, RequestState.ANSWERED),
        ).exists()
    )


def _parse(message: Mapping[str, Any]) -> contract.Answer | contract.Refusal:
    try:
        return contract.parse_answer(message)
    except contract.ContractError as error:
        return contract.Refusal(type(error).__name__, str(error))


def _store(request: PredictionRequest, answer: contract.Answer, *, now: datetime) -> None:
    Prediction.objects.create(
        request=request,
        place_id=request.place_id,
        window_end_at=request.window_end_at,
        hourly_probability=list(answer.hourly_probability),
        probability_any_6h=answer.probability_any_6h,
        probability_any_24h=answer.probability_any_24h,
        model_name=answer.model_name,
        model_version=answer.model_version,
        elapsed_ms=answer.elapsed_ms,
        answered_at=now,
        **blend_with_source(
            answer, place_id=request.place_id, window_end_at=request.window_end_at, now=now
        ),
    )
