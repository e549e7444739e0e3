"""One window as the site builds many."""

from __future__ import annotations

from datetime import datetime

from predictor import contract
from weatherapp.forecasting.asking.place_climate import PlaceHour
from weatherapp.forecasting.asking.window import build_windows
from weatherapp.models import Place


def build_window(place: Place, *, end_at: datetime, now: datetime) -> contract.Window:
    """Raises ContractError where too little is known."""
    (built,) = build_windows([PlaceHour(place, end_at, now)])
    if isinstance(built, contract.ContractError):
        raise built
    return built
