"""Readings -> the window that the predictor is sent."""

from __future__ import annotations

from datetime import datetime

from predictor import contract
from weatherapp.forecasting.asking.climate import average
from weatherapp.forecasting.asking.place_climate import read_present
from weatherapp.models import Place

UNKNOWN_HOUR: contract.Row = (None,) * len(contract.FEATURES)


def build_window(place: Place, *, end_at: datetime, now: datetime) -> contract.Window:
    """The WINDOW_HOURS up to `end_at`, missing hours as rows of None, and what was usual in the
    CLIMATE_DAYS up to there.

    Both times are by the place's clock. Raises ContractError where too little is known.
    """
    newest, totals = read_present(place, end_at, now=now)
    return contract.make_window(
        latitude=place.latitude,
        longitude=place.longitude,
        window_end_at=end_at,
        hours=[row or UNKNOWN_HOUR for row in newest[-contract.WINDOW_HOURS :]],
        climate=average(totals),
    )
