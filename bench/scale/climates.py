"""What a site that runs for a day has counted already: what was usual at each place."""

from __future__ import annotations

from datetime import datetime

from weatherapp.forecasting.asking.place_climate import count
from weatherapp.models import Place


def count_all(*, newest_at: datetime, now: datetime) -> None:
    """Of readings until `newest_at`."""
    for place in Place.objects.order_by("pk").iterator():
        count(place, newest_at, now=now)
