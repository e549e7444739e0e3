"""Readings -> the window that the predictor is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from predictor import contract
from weatherapp.forecasting.asking.climate import RECORD_HOURS, measure_climate
from weatherapp.forecasting.blending.place_calibration import read_recalibration
from weatherapp.models import Place

HOUR = timedelta(hours=1)
UNKNOWN_HOUR: contract.Row = (None,) * len(contract.FEATURES)


def build_window(place: Place, *, end_at: datetime) -> contract.Window:
    """The WINDOW_HOURS up to `end_at`, missing hours as rows of None, and what was usual in the
    CLIMATE_DAYS up to there; and what the place's own misses taught.

    Raises ContractError where too little is known.
    """
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
