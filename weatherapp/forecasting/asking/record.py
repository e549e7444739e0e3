"""A place's stored readings, a row an hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from predictor import contract
from weatherapp.domain.spans import HOUR, Span
from weatherapp.models import Place

Record = list[contract.Row | None]


def read_records(place: Place, *spans: Span) -> list[Record]:
    """For each span of hours, oldest first, rows of contract.FEATURES; None where nothing is stored.

    Plain tuples, for objects would take several times as long. Of an hour that two sources
    answered the same one is taken each time.
    """
    wanted = Q()
    for span in spans:
        wanted |= Q(observed_at__range=(span.starts_at, span.ends_at))
    rows = place.readings.filter(wanted).order_by("observed_at", "source")
    known = {at: row for at, *row in rows.values_list("observed_at", *contract.FEATURE_NAMES)}
    return [_spread(known, span) for span in spans]


def _spread(known: Mapping[datetime, contract.Row], span: Span) -> Record:
    hours = (span.ends_at - span.starts_at) // HOUR + 1
    return [known.get(span.starts_at + index * HOUR) for index in range(hours)]
