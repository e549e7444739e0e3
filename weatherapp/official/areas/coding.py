"""Looks up the codes of places that are new or were moved, and of all when the table is another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from weatherapp.models import CodedPosition, Place
from weatherapp.official.areas import table
from weatherapp.official.areas.schemes import SAME_FOR_UGC, Scheme, is_named_by_ugc

TOGETHER = 50  # places


def code_places(
    *,
    now: datetime,
    is_time_up: Callable[[], bool],
    coded: Callable[[Sequence[int]], None] = lambda place_ids: None,
) -> int:
    """Goes on until none is left or the time is up; how many were looked up.

    `coded` gets the ids of the places of each batch: warnings may be there already.

    Safe to run twice at once: both store the same.
    """
    version, done = table.read_version(), 0
    while places := CodedPosition.objects.find_uncoded(table_version=version, limit=TOGETHER):
        codes = {place: _list_codes(place) for place in places}
        CodedPosition.objects.store(codes, table_version=version, now=now)
        coded([place.pk for place in places])
        done += len(places)
        if len(places) < TOGETHER or is_time_up():
            break
    return done


def _list_codes(place: Place) -> list[tuple[str, str]]:
    found = table.find_codes(place.latitude, place.longitude)
    codes = [(scheme.value, code) for scheme in found for code in found[scheme]]
    if not is_named_by_ugc(found.get(Scheme.UGC, ())):
        codes += [(SAME_FOR_UGC, code) for code in found.get(Scheme.SAME, ())]
    return codes
