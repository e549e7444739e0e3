"""Numbers as people read them: one way for page, mail, admin and feeds."""

from __future__ import annotations

from datetime import timedelta

from weatherapp.domain.quantities import Quantity
from weatherapp.domain.units import WIND, Beaufort, Units, WindUnit

NBSP = "\u00a0"
MINUS = "\u2212"
METRIC = Units()


def format_percent(probability: float, digits: int = 0) -> str:
    """0.723 as 72 %; what is not certain never reads as 0 or 100."""
    half_step = 0.5 / 10 ** (digits + 2)
    if 0 < probability < half_step:
        return f"<{2 * half_step * 100:g}{NBSP}%"
    if 1 - half_step <= probability < 1:
        return f">{(1 - 2 * half_step) * 100:g}{NBSP}%"
    return f"{probability * 100:.{digits}f}{NBSP}%"


def format_value(
    quantity: Quantity,
    value: float,
    units: Units = METRIC,
    *,
    is_difference: bool = False,
) -> str:
    """A value of `quantity`, in the project's unit, as "31.2 m/s"; shares as percents.

    A difference of two values has no offset: 10 °C more are 18 °F more. Forces of the Beaufort
    scale cannot be taken from one another: differences stay in m/s.
    """
    unit = quantity.display_unit(units)
    if is_difference and isinstance(unit, Beaufort):
        unit = WIND[WindUnit.MS]
    if unit.symbol == "%":
        return format_percent(value)
    shown = value * unit.factor if is_difference else unit.convert(value)
    number = f"{shown:.{unit.digits}f}"
    if float(number) == 0:
        number = number.removeprefix("-")
    number = number.replace("-", MINUS)
    if is_difference and shown > 0 and float(f"{shown:.{unit.digits}f}") > 0:
        number = f"+{number}"
    return f"{number}{NBSP}{unit.symbol}" if unit.symbol not in ("", "°") else number + unit.symbol


def format_offset(offset: timedelta | None) -> str:
    """A zone's distance from UTC: UTC, UTC+8, UTC−3, UTC+5:30."""
    minutes = round((offset or timedelta()) / timedelta(minutes=1))
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = MINUS if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
