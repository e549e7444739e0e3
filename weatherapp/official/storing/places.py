"""Which places are in the areas of events, and that as rows."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from weatherapp.models import OfficialEvent, OfficialPlace, Place
from weatherapp.official.areas.geometry import Area, Circle, PositionError, make_area
from weatherapp.official.areas.matching import match
from weatherapp.official.storing.many_rows import insert_places


class Positions:
    """Of all active places, from the south to the north: some 100 bytes each."""

    def __init__(self, place_ids: Collection[int] | None = None) -> None:
        places = Place.objects.filter(is_active=True)
        if place_ids is not None:
            places = places.filter(pk__in=place_ids)
        rows = places.order_by("latitude", "pk").values_list("latitude", "longitude", "pk")
        self._latitudes, self._longitudes, self._ids = array("d"), array("d"), array("q")
        for latitude, longitude, pk in rows.iterator():
            self._latitudes.append(latitude)
            self._longitudes.append(longitude)
            self._ids.append(pk)
        self._active = frozenset(self._ids)

    def list_within(self, area: Area) -> set[int]:
        """Ids of the places that the area holds."""
        found: set[int] = set()
        for shape in area.shapes:
            box = shape.box
            first = bisect_left(self._latitudes, box.south)
            last = bisect_right(self._latitudes, box.north)
            for index in range(first, last):
                position = self._latitudes[index], self._longitudes[index]
                if box.place_longitude(*position) is not None and area.holds(position):
                    found.add(self._ids[index])
        return found

    def keep_active(self, place_ids: Iterable[int]) -> set[int]:
        return set(self._active.intersection(place_ids))


def find_places(
    events: Sequence[OfficialEvent], positions: Positions, place_ids: Collection[int] | None = None
) -> Iterator[tuple[OfficialEvent, set[int]]]:
    """By shape and by code; of `place_ids` alone where they are given. In the order of `events`."""
    codes = {event.pk: [tuple(code) for code in event.codes] for event in events}
    by_code = dict(match(codes, place_ids=place_ids))
    for event in events:
        found = positions.keep_active(by_code[event.pk])
        for shape in read_areas(event.area):
            found |= positions.list_within(shape)
        yield event, found


def read_areas(area: dict[str, Any] | None) -> Iterator[Area]:
    """Of an event's row, one by one: what one excludes another may hold."""
    for part in (area or {}).get("areas", ()):
        circles = [Circle(*numbers) for numbers in part["circles"]]
        try:
            yield make_area(part["polygons"], circles, part["excluded"])
        except PositionError:  # what was read was checked; another release may have been laxer
            continue


def store_places(
    found: Iterable[tuple[OfficialEvent, set[int]]], *, now: datetime
) -> dict[int, set[int]]:
    """By the event's id the places that are new to it. Those that it no longer concerns go."""
    found = list(found)
    before: dict[int, set[int]] = {event.pk: set() for event, _ in found}
    rows = OfficialPlace.objects.filter(event__in=before).order_by()
    for event_id, place_id in rows.values_list("event_id", "place_id"):
        before[event_id].add(place_id)
    come: dict[int, set[int]] = {}
    for event, places in found:
        if gone := before[event.pk] - places:
            OfficialPlace.objects.filter(event=event, place__in=gone).delete()
        come[event.pk] = places - before[event.pk]
    add_places(come, now=now)
    return come


def add_places(come: dict[int, set[int]], *, now: datetime) -> None:
    """Those that are there stay as they are."""
    insert_places(
        ((event_id, place_id) for event_id, places in come.items() for place_id in sorted(places)),
        since_at=now,
    )
