"""All places as CSV, in a few rows at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from weatherapp.models import Place
from weatherapp.operations.places_csv.columns import BETWEEN_TAGS, COLUMNS, guard

ROWS_AT_ONCE = 500


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def write_places() -> Iterator[str]:
    """A line each, the first with the columns' names; by name."""
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    places = Place.objects.order_by("name", "pk").prefetch_related("tags")
    for place in places.iterator(chunk_size=ROWS_AT_ONCE):
        tags = BETWEEN_TAGS.join(sorted(tag.name for tag in place.tags.all()))
        position = (_write_degrees(place.latitude), _write_degrees(place.longitude))
        words = (place.time_zone, place.country, guard(tags))
        yield writer.writerow((guard(place.name), *position, *words))


def _write_degrees(degrees: float) -> str:
    """To ten centimetres, without an exponent."""
    return f"{degrees:.6f}".rstrip("0").rstrip(".")
