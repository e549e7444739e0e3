"""Readings -> the window that the predictor is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from predictor import contract
from weatherapp.forecasting.asking.climate import RECORD_HOURS, measure_climate
from weatherapp.forecasting.blending.place_calibration import read_recalibration
from weatherapp.models import Place

HOUR = timedelta(hours=1)
UNKNOWN_HOUR: contract.Row = (None,) * len(contract.FEATURES)


def build_window(place: Place, *, now: datetime) -> contract.Window:
    """The WINDOW_HOURS before `now` (place's clock), missing hours as rows of None, and what was
    usual in the CLIMATE_DAYS up to there; and what the place's own misses taught.

    It ends at the newest reading, which may be a few hours old: what is known is used, and the
    prediction says from when it counts. Raises ContractError where too little is known.
    """
    newest = place.readings.filter(observed_at__lte=now).order_by("-observed_at")
    end_at = newest.values_list("observed_at", flat=True).first()
    if end_at is None:
        raise contract.ContractError("too much is missing: the place has no readings yet")
    record = _read_record(place, end_at)
    return contract.make_window(
        latitude=place.latitude,
        longitude=place.longitude,
        window_end_at=end_at,
        hours=[row or UNKNOWN_HOUR for row in record[-contract.WINDOW_HOURS :]],
        climate=measure_climate(record),
        recalibration=read_recalibration(place),
    )


def _read_record(place: Place, end_at: datetime) -> list[contract.Row | None]:
    """RECORD_HOURS rows, oldest first; None where nothing is stored of an hour.

    Some 2,200 once an hour: plain tuples, for objects would take several times as long.
    """
    oldest_at = end_at - (RECORD_HOURS - 1) * HOUR
    readings = place.readings.filter(observed_at__range=(oldest_at, end_at)).order_by()
    record: list[contract.Row | None] = [None] * RECORD_HOURS
    for observed_at, *values in readings.values_list("observed_at", *contract.FEATURE_NAMES):
        record[(observed_at - oldest_at) // HOUR] = values
    return record
