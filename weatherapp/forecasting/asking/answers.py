"""The predictor's answers, stored once."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from predictor import contract, messages
from weatherapp.forecasting.blending.with_source import blend_with_sources
from weatherapp.models import Prediction, PredictionRequest, RequestState
from weatherapp.net.one_line import one_line

logger = logging.getLogger(__name__)

LONGEST_NAME = 80  # of an error
REFUSED_FIELDS = ("state", "finished_at", "error", "error_message")
# A late answer is still an answer: better than none.
OPEN_TO_ANSWER = (RequestState.WAITING, RequestState.EXPIRED)

Answered = list[tuple[PredictionRequest, contract.Answer]]


def record_answers(message: Mapping[str, Any], *, now: datetime) -> list[int]:
    """Store what the predictor said of each window; the ids of the places that were asked about.

    Safe to call again with the same message (queues deliver at least once): each answer is stored
    once, and the places come back, so that a caller who was killed can go on. A bad answer is a
    refusal of its own request. A few queries, however many answers.
    """
    said = _read(message)
    with transaction.atomic():
        requests = _lock(said)
        if unasked := said.keys() - {request.pk for request in requests}:
            logger.warning(
                "Answers to requests that nobody asked: %s", ", ".join(map(str, sorted(unasked)))
            )
        answered = _settle(_find_open(requests), said, now)
        _store(answered, now=now)
    return sorted({request.place_id for request in requests})


def _read(message: Mapping[str, Any]) -> dict[UUID, Mapping[str, Any]]:
    """By request id."""
    try:
        answers = messages.parse_answers(message)
    except contract.ContractError as error:
        logger.error("A message of the predictor says nothing: %s", error)
        return {}
    return {key: answer for text, answer in answers.items() if (key := _read_id(text))}


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _lock(said: Mapping[UUID, object]) -> list[PredictionRequest]:
    """Always in the same order, so that two workers wait for each other instead of dying."""
    rows = PredictionRequest.objects.select_for_update().filter(pk__in=said)
    return list(rows.order_by("pk").defer("window"))


def _find_open(requests: Sequence[PredictionRequest]) -> list[PredictionRequest]:
    """Those that still want an answer; of what ran out, only where nothing took its place."""
    late = [request for request in requests if request.state == RequestState.EXPIRED]
    live = PredictionRequest.objects.filter(
        place__in={request.place_id for request in late},
        window_end_at__in={request.window_end_at for request in late},
        state__in=(RequestState.WAITING, RequestState.ANSWERED),
    )
    taken = set(live.values_list("place_id", "window_end_at")) if late else set()
    return [
        request
        for request in requests
        if request.state in OPEN_TO_ANSWER
        and not (
            request.state == RequestState.EXPIRED
            and (request.place_id, request.window_end_at) in taken
        )
    ]


def _settle(
    requests: Sequence[PredictionRequest], said: Mapping[UUID, Mapping[str, Any]], now: datetime
) -> Answered:
    """Those that were answered are one statement, and so are those that were refused."""
    answered, refused = [], []
    for request in requests:
        answer = _parse(said[request.pk])
        request.finished_at = now
        if isinstance(answer, contract.Answer):
            request.state = RequestState.ANSWERED
            answered.append((request, answer))
        else:
            _refuse(request, answer)
            refused.append(request)
    PredictionRequest.objects.filter(pk__in=[request.pk for request, _ in answered]).update(
        state=RequestState.ANSWERED, finished_at=now
    )
    if refused:
        PredictionRequest.objects.bulk_update(refused, REFUSED_FIELDS)
    return answered


def _parse(message: Mapping[str, Any]) -> contract.Answer | contract.Refusal:
    try:
        return contract.parse_answer(message)
    except contract.ContractError as error:
        return contract.Refusal(type(error).__name__, str(error))


def _refuse(request: PredictionRequest, refusal: contract.Refusal) -> None:
    request.state = RequestState.REFUSED
    request.error = one_line(refusal.error, LONGEST_NAME)
    request.error_message = one_line(refusal.message)
    logger.error("Request %s refused: %s: %s", request.pk, request.error, request.error_message)


def _store(answered: Answered, *, now: datetime) -> None:
    blended = blend_with_sources(
        [(request.place_id, request.window_end_at, answer) for request, answer in answered], now=now
    )
    Prediction.objects.bulk_create(
        Prediction(
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
            **fields,
        )
        for (request, answer), fields in zip(answered, blended, strict=True)
    )
