"""Places' stored readings, a row an hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from predictor import contract
from weatherapp.domain.spans import HOUR, Span
from weatherapp.models import Place, Reading
from weatherapp.models.epoch import EpochSeconds

HOUR_S = 3600
Record = list[contract.Row | None]
Stored = tuple[int, contract.Row]  # seconds since 1970, and what was measured


def read_records(wanted: Sequence[tuple[Place, Span]]) -> list[Record]:
    """For each span of a place's hours, oldest first, rows of contract.FEATURES; None where nothing
    is stored. One query.

    Plain tuples and whole numbers, for objects and times would take several times as long: a
    climate has 2,200 rows. Of an hour that two sources answered the same one is taken each time.
    """
    rows = Reading.objects.filter(_join(wanted)).order_by("place", "observed_at", "source")
    stored: defaultdict[int, list[Stored]] = defaultdict(list)
    timed = rows.annotate(seconds=EpochSeconds("observed_at"))
    for place_id, seconds, *values in timed.values_list(
        "place_id", "seconds", *contract.FEATURE_NAMES
    ):
        stored[place_id].append((seconds, tuple(values)))
    return [_spread(stored[place.pk], span) for place, span in wanted]


def _join(wanted: Sequence[tuple[Place, Span]]) -> Q:
    """Most places want the same spans."""
    places_by_span: dict[Span, list[int]] = {}
    for place, span in wanted:
        places_by_span.setdefault(span, []).append(place.pk)
    joined = Q(pk__in=[])
    for span, place_ids in places_by_span.items():
        joined |= Q(place__in=place_ids, observed_at__range=(span.starts_at, span.ends_at))
    return joined


def _spread(stored: Iterable[Stored], span: Span) -> Record:
    record: Record = [None] * ((span.ends_at - span.starts_at) // HOUR + 1)
    begins_s = int(span.starts_at.timestamp())
    for seconds, row in stored:
        index, beside_s = divmod(seconds - begins_s, HOUR_S)
        if beside_s == 0 and 0 <= index < len(record):
            record[index] = row
    return record
