"""What a site that runs for a day has counted already: what was usual at each place."""

from __future__ import annotations

from datetime import datetime

from bench.scale.source import find_variant
from weatherapp.forecasting.asking.place_climate import count
from weatherapp.models import Place, PlaceClimate

TOGETHER = 1000  # rows in one statement


def count_all(*, newest_at: datetime, now: datetime) -> None:
    """Of readings until `newest_at`. Places that share a weather share its totals."""
    counted: dict[int, PlaceClimate] = {}
    same = []
    for place in Place.objects.order_by("pk").iterator():
        variant = find_variant(place.latitude, place.longitude)
        if variant not in counted:
            count(place, newest_at, now=now)
            counted[variant] = PlaceClimate.objects.get(place=place)
        else:
            row = counted[variant]
            same.append(
                PlaceClimate(
                    place=place, until_at=row.until_at, totals=row.totals, counted_at=row.counted_at
                )
            )
    PlaceClimate.objects.bulk_create(same, batch_size=TOGETHER)
