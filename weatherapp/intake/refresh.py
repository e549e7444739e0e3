"""Fetches the weather of places and stores it, each place wholly or not at all."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, transaction

from weatherapp.domain.source_problem import SourceProblem
from weatherapp.intake import fetch
from weatherapp.intake.source import Outcome, SourceError, SourceUnavailableError
from weatherapp.intake.storing import store_outcomes
from weatherapp.models import Place

logger = logging.getLogger(__name__)


def refresh(place_ids: Sequence[int], *, now: datetime) -> list[int]:
    """The ids of the places that got readings. `now` is real time; safe to call twice.

    What fails is on the place's row: why, since when, and when it is tried again. A place whose
    rows cannot be stored keeps its claim, so that it is due again when the lease is over. Of a
    place that was moved meanwhile nothing is stored: it is due at once.
    """
    places = list(Place.objects.filter(pk__in=place_ids).order_by("pk"))
    outcomes = _fetch(places, now=now)
    _log_errors(outcomes)
    return _store(places, outcomes, now=now)


def _fetch(places: Sequence[Place], *, now: datetime) -> Mapping[int, Outcome]:
    """By place id; what the task's time limit cuts off has failed, too, and is not forgotten."""
    try:
        return fetch(places, now=now)
    except SoftTimeLimitExceeded:
        error = SourceUnavailableError(
            "The source took longer than a whole task may.", problem=SourceProblem.TOO_SLOW
        )
        return {place.pk: error for place in places}


def _store(places: Sequence[Place], outcomes: Mapping[int, Outcome], *, now: datetime) -> list[int]:
    """All together; where the database refuses that, one by one: a bad row costs its place alone."""
    try:
        with transaction.atomic():
            return store_outcomes(places, outcomes, now=now)
    except DatabaseError:
        if len(places) == 1:
            logger.exception("the weather of place %s cannot be stored", places[0].pk)
            return []
    stored = (_store([place], outcomes, now=now) for place in places)
    return list(chain.from_iterable(stored))


def _log_errors(outcomes: Mapping[int, Outcome]) -> None:
    """One line an error: an outage concerns a hundred places at once."""
    place_ids: dict[str, list[int]] = {}
    for place_id, outcome in outcomes.items():
        if isinstance(outcome, SourceError):
            place_ids.setdefault(f"{type(outcome).__name__}: {outcome}", []).append(place_id)
    for text, ids in place_ids.items():
        logger.warning("no weather for places %s: %s", ids, text)
