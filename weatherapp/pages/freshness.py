"""How far what is known can be trusted: fresh, late, refused, lost. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from weatherapp.models import (
    Place,
    Prediction,
    PredictionRequest,
    RequestState,
)

CLOCK_TOLERANCE = timedelta(minutes=2)  # between the clocks of two machines


class Problem(StrEnum):
    NONE = "NONE"
    WAITING = "WAITING"
    REFUSED = "REFUSED"
    UNANSWERED = "UNANSWERED"
    NEVER_ASKED = "NEVER_ASKED"
    STALE = "STALE"


@dataclass(frozen=True, slots=True)
class PredictionFreshness:
    """The newest prediction, and what became of a newer question. `prediction` may be stale."""

    prediction: Prediction | None
    request: PredictionRequest | None
    is_fresh: bool
    problem: Problem


def find_freshness(
    prediction: Prediction | None,
    request: PredictionRequest | None,
    *,
    now: datetime,
    place_now: datetime,
    fresh_for: timedelta,
) -> PredictionFreshness:
    is_fresh = prediction is not None and _is_fresh(
        prediction.window_end_at, place_now=place_now, fresh_for=fresh_for
    )
    problem = _find_problem(prediction, request, is_fresh=is_fresh, now=now)
    return PredictionFreshness(prediction, request, is_fresh, problem)


def _is_fresh(at: datetime, *, place_now: datetime, fresh_for: timedelta) -> bool:
    """What a wrong clock has dated into the future is not fresh: its age is unknown."""
    return -CLOCK_TOLERANCE < place_now - at < fresh_for


def _find_problem(
    prediction: Prediction | None,
    request: PredictionRequest | None,
    *,
    is_fresh: bool,
    now: datetime,
) -> Problem:
    if request is not None and _is_newer(request, prediction):
        if request.state == RequestState.REFUSED:
            return Problem.REFUSED
        is_overdue = request.expires_at <= now  # also when nobody came by to say so
        if request.state == RequestState.EXPIRED or is_overdue:
            return Problem.UNANSWERED
        return Problem.WAITING
    if prediction is None:
        return Problem.NEVER_ASKED
    return Problem.NONE if is_fresh else Problem.STALE


def _is_newer(request: PredictionRequest, prediction: Prediction | None) -> bool:
    if request.state == RequestState.ANSWERED:
        return False
    return prediction is None or request.created_at > prediction.answered_at


def is_fetch_failing(place: Place) -> bool:
    """Whether the last fetch brought nothing."""
    return bool(place.fetch_error)
