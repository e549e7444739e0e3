"""Places' stored readings, a row an hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from predictor import contract
from weatherapp.domain.spans import HOUR, Span
from weatherapp.models import Place, Reading

Record = list[contract.Row | None]
Known = Mapping[tuple[int, datetime], contract.Row]


def read_records(wanted: Sequence[tuple[Place, Span]]) -> list[Record]:
    """For each span of a place's hours, oldest first, rows of contract.FEATURES; None where nothing
    is stored. One query.

    Plain tuples, for objects would take several times as long. Of an hour that two sources
    answered the same one is taken each time.
    """
    rows = Reading.objects.filter(_join(wanted)).order_by("place", "observed_at", "source")
    names = ("place_id", "observed_at", *contract.FEATURE_NAMES)
    known: Known = {row[:2]: row[2:] for row in rows.values_list(*names)}
    return [_spread(known, place, span) for place, span in wanted]


def _join(wanted: Sequence[tuple[Place, Span]]) -> Q:
    """Most places want the same spans."""
    places_by_span: dict[Span, list[int]] = {}
    for place, span in wanted:
        places_by_span.setdefault(span, []).append(place.pk)
    joined = Q(pk__in=[])
    for span, place_ids in places_by_span.items():
        joined |= Q(place__in=place_ids, observed_at__range=(span.starts_at, span.ends_at))
    return joined


def _spread(known: Known, place: Place, span: Span) -> Record:
    hours = (span.ends_at - span.starts_at) // HOUR + 1
    return [known.get((place.pk, span.starts_at + index * HOUR)) for index in range(hours)]
