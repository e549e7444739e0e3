"""Numbers with their units, as the active language writes them, in the reader's units."""

from __future__ import annotations

from django.utils import formats

from weatherapp.display.reader import current_units
from weatherapp.domain.formatting import (
    MINUS,
    about_parts,
    format_about,
    format_number,
    format_percent,
    format_value,
)
from weatherapp.domain.quantities import Kind, Quantity

DEGREES = ("°C", "°F")


def show_percent(probability: float, digits: int = 0) -> str:
    """0.723 as 72 %; what is not certain never reads as 0 or 100."""
    return localize(format_percent(probability, digits))


def show_value(quantity: Quantity, value: float, *, is_difference: bool = False) -> str:
    """A value of `quantity`, in the project's unit, as "31.2 m/s"; shares as percents."""
    return localize(format_value(quantity, value, current_units(), is_difference=is_difference))


def show_bare(quantity: Quantity, value: float) -> str:
    """A value as show_value has it, without its unit, which the head of a table names."""
    return localize(format_number(quantity, value, current_units()))


def show_short(quantity: Quantity, value: float) -> str:
    """As show_value where there is little room: "31 m/s", and degrees of temperature as "12°"."""
    unit = quantity.display_unit(current_units())
    digits = unit.digits if quantity.kind is Kind.SUM else 0
    number = f"{unit.convert(value):.{digits}f}"
    if float(number) == 0:
        number = "0"
    number = localize(number.replace("-", MINUS))
    return f"{number}°" if unit.symbol in DEGREES else f"{number} {unit.symbol}"


def show_about(quantity: Quantity, value: float) -> str:
    """As show_value, with no more digits than a forecast has: "20 mm", "31 m/s"."""
    return localize(format_about(quantity, value, current_units()))


def show_about_number(quantity: Quantity, value: float) -> str:
    """As show_about, without the unit: for a column whose head names it."""
    return localize(about_parts(quantity, value, current_units())[0])


def show_number(number: float, digits: int = 0) -> str:
    """1240 as 1,240, or as the language has it."""
    return formats.number_format(number, digits, use_l10n=True, force_grouping=True)


def localize(text: str) -> str:
    """A number of the project's own format, with its unit: only the decimal mark differs."""
    return text.replace(".", formats.get_format("DECIMAL_SEPARATOR"))
