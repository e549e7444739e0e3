"""Asks and answers as the site's tasks do, for tests that are about what follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from weatherapp.forecasting.asking import dispatch, requests
from weatherapp.forecasting.asking.answers import record_answers
from weatherapp.models import Place, PredictionRequest


def ask_predictor(*places: Place, now: datetime) -> PredictionRequest:
    """On behalf of the schedule; the newest request of the last place."""
    requests.request_predictions(list(places), now=now)
    dispatch.top_up(now=now)
    return places[-1].prediction_requests.order_by("-window_end_at", "-created_at")[0]


def answer_message(**answers: Any) -> dict[str, Any]:
    """By request id, as the predictor's message."""
    return {"answers": [{**said, "request_id": key} for key, said in answers.items()]}


def record_answer(request_id: UUID, said: Mapping[str, Any], *, now: datetime) -> int | None:
    """One answer alone; the place's id."""
    places = record_answers(answer_message(**{str(request_id): said}), now=now)
    return places[0] if places else None
