"""What the past of each place says of rain, from its row or, at first, from its stored readings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Protocol

from django.db.models import Q

from predictor import contract
from weatherapp.forecasting.scoring.climatology import Climatology, learn, parse_climatology
from weatherapp.models import Reading, ScoringProgress


class HasBeginning(Protocol):
    @property
    def after(self) -> datetime: ...


def read_climatologies(
    progress: Sequence[ScoringProgress], stretches: Mapping[int, HasBeginning]
) -> dict[int, Climatology]:
    """By place id, as they were when the stretches began; one query where any is new."""
    new = [row.place_id for row in progress if row.climatology is None]
    learned = _learn(new, stretches) if new else {}
    return {
        row.place_id: learned[row.place_id]
        if row.climatology is None
        else parse_climatology(row.climatology, f"scoring progress {row.place_id}")
        for row in progress
    }


def _learn(
    place_ids: Sequence[int], stretches: Mapping[int, HasBeginning]
) -> dict[int, Climatology]:
    """From all readings that are kept: a place's first days are stored when it is added."""
    before = [Q(place=pk, observed_at__lte=stretches[pk].after) for pk in place_ids]
    rows = Reading.objects.filter(reduce(or_, before), precipitation_mm__isnull=False).order_by()
    hours: defaultdict[int, list[tuple[datetime, bool]]] = defaultdict(list)
    values = rows.values_list("place_id", "observed_at", "precipitation_mm")
    for place_id, at, rain_mm in values.iterator(chunk_size=500):
        hours[place_id].append((at, (rain_mm or 0.0) >= contract.WET_HOUR_MM))
    return {place_id: learn(hours[place_id]) for place_id in place_ids}
