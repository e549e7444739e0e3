"""Fetches the days before a place was watched, once: predictions compare with what is usual."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from weatherapp.intake import fetch_past
from weatherapp.intake.schedule import find_next_backfill_at
from weatherapp.intake.source import Hour, SourceError
from weatherapp.intake.storing import ROWS, make_reading
from weatherapp.models import Place, PlaceClimate, Reading

logger = logging.getLogger(__name__)


def backfill(place_id: int, *, now: datetime) -> None:
    """Store what the source knows of the days up to now, all of it or nothing. `now` is real time.

    Safe to call again, and at the same time: an hour that is stored already stays as it is.
    """
    place = Place.objects.filter(pk=place_id, backfilled_at__isnull=True).first()
    if place is None:
        return
    try:
        readings = fetch_past(place, now=now)
    except SourceError as error:
        logger.warning("no past of place %s: %s: %s", place.pk, type(error).__name__, error)
        next_at = find_next_backfill_at(error, now=now)
        Place.objects.filter(pk=place.pk).update(next_backfill_at=next_at)
        return
    _store(place, readings, now=now)


@transaction.atomic
def _store(place: Place, readings: Sequence[Hour], *, now: datetime) -> None:
    if not Place.objects.hold_unmoved(place):
        return  # this is the past of elsewhere
    for start in range(0, len(readings), ROWS):
        batch = readings[start : start + ROWS]
        rows = [make_reading(place, reading, now=now) for reading in batch]
        Reading.objects.bulk_create(rows, ignore_conflicts=True)
    if readings:
        PlaceClimate.objects.forget_changed({place.pk: readings[0].at})
    Place.objects.filter(pk=place.pk).update(backfilled_at=now, next_backfill_at=None)
