"""Readings -> the windows that the predictor is sent."""

from __future__ import annotations

from collections.abc import Sequence

from predictor import contract
from weatherapp.forecasting.asking.climate import average
from weatherapp.forecasting.asking.place_climate import PlaceHour, Present, read_present

UNKNOWN_HOUR: contract.Row = (None,) * len(contract.FEATURES)

Built = contract.Window | contract.ContractError


def build_windows(wanted: Sequence[PlaceHour]) -> list[Built]:
    """For each the WINDOW_HOURS up to its hour, missing ones as rows of None, and what was usual in
    the CLIMATE_DAYS up to there.

    An error in place of a window of which too little is known. A few queries, however many.
    """
    found = zip(wanted, read_present(wanted), strict=True)
    return [_build(hour, present) for hour, present in found]


def _build(hour: PlaceHour, present: Present) -> Built:
    try:
        return contract.make_window(
            latitude=hour.place.latitude,
            longitude=hour.place.longitude,
            window_end_at=hour.at,
            hours=[row or UNKNOWN_HOUR for row in present.newest[-contract.WINDOW_HOURS :]],
            climate=average(present.totals),
        )
    except contract.ContractError as error:
        return error
