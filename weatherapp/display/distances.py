"""How far: in kilometres, or in miles where people count in those."""

from __future__ import annotations

from weatherapp.display.reader import current_units
from weatherapp.display.values import show_number
from weatherapp.domain.formatting import NBSP
from weatherapp.domain.units import UnitSystem

KM_A_MILE = 1.609344
WHOLE_FROM = 10  # nearer, a tenth is told


def show_distance(km: float) -> str:
    """As "3.4 km" or "120 mi"; nothing is told more exactly than to a tenth."""
    is_metric = current_units().system == UnitSystem.METRIC
    length, symbol = (km, "km") if is_metric else (km / KM_A_MILE, "mi")
    digits = 1 if round(length, 1) < WHOLE_FROM else 0
    return f"{show_number(round(length, digits), digits)}{NBSP}{symbol}"
