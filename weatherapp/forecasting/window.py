"""Readings -> the window that the predictor is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from predictor import contract
from weatherapp.models import Place, Reading

HOUR = timedelta(hours=1)


def build_window(place: Place, *, now: datetime) -> contract.Window:
    """The WINDOW_HOURS before `now` (place's clock), missing hours as rows of None.

    It ends at the newest reading, which may be a few hours old: what is known is used, and the
    prediction says from when it counts. Raises ContractError where too little is known.
    """
    newest = place.readings.filter(observed_at__lte=now).order_by("-observed_at").first()
    if newest is None:
        raise contract.ContractError("too much is missing: the place has no readings yet")
    end_at = newest.observed_at
    oldest_at = end_at - (contract.WINDOW_HOURS - 1) * HOUR
    rows = {
        reading.observed_at: reading
        for reading in place.readings.filter(observed_at__range=(oldest_at, end_at))
    }
    return contract.make_window(
        latitude=place.latitude,
        longitude=place.longitude,
        window_end_at=end_at,
        hours=[_row(rows.get(oldest_at + hour * HOUR)) for hour in range(contract.WINDOW_HOURS)],
    )


def _row(reading: Reading | None) -> tuple[float | None, ...]:
    return tuple(
        None if reading is None else getattr(reading, name) for name in contract.FEATURE_NAMES
    )
