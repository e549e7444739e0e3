"""The one list of what is measured and forecast: names with units, bounds, kinds, display units.

Sums and maxima are those of the hour that ends at the value's time, whatever a source does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from weatherapp.domain.units import WIND, DisplayUnit, Units, UnitSystem, WindUnit

WIND_SPEEDS = ("wind_speed_ms", "wind_gust_ms")


class Kind(StrEnum):
    """What an hour's value says of its hour."""

    INSTANT = "INSTANT"  # at the time itself
    SUM = "SUM"  # of the hour that ends at the time
    MAXIMUM = "MAXIMUM"  # of the hour that ends at the time
    CODE = "CODE"  # a name, not a number: WMO 4677 at the time itself


@dataclass(frozen=True, slots=True)
class Quantity:
    """One column of weather; display/labels.py has what readers call it.

    `step` is how far apart two thresholds are that a person would tell apart.
    """

    name: str
    kind: Kind
    low: float
    high: float
    metric: DisplayUnit
    us: DisplayUnit | None = None  # where it differs
    step: float = 1.0
    is_measured: bool = True
    is_forecast: bool = True

    def is_plausible(self, value: float) -> bool:
        """Whether `value`, in the project's unit, can be; outside it is an error of the source."""
        return math.isfinite(value) and self.low <= value <= self.high

    def display_unit(self, units: Units) -> DisplayUnit:
        if self.name in WIND_SPEEDS:
            return WIND[units.wind_unit]
        return self.us if self.us and units.system is UnitSystem.US else self.metric


_CELSIUS = DisplayUnit("°C", digits=1)
_FAHRENHEIT = DisplayUnit("°F", factor=1.8, offset=32.0)
_HECTOPASCAL = DisplayUnit("hPa", digits=1)
_INCH_OF_MERCURY = DisplayUnit("inHg", factor=0.02953, digits=2)
_DEGREES = DisplayUnit("°")
_MILLIMETRE = DisplayUnit("mm", digits=1)
_CENTIMETRE = DisplayUnit("cm", digits=1)
_PERCENT = DisplayUnit("%", factor=100.0)
_CODE = DisplayUnit("")

# Bounds are physical, not what one would expect: records are -89.2 and 56.7 °C; 870 and 1,083.8 hPa;
# 113.2 m/s in a gust; 305 mm in 42 minutes (https://wmo.asu.edu/content/world-meteorological-organization-global-weather-climate-extremes-archive).
QUANTITIES = (
    Quantity("temperature_c", Kind.INSTANT, -90.0, 60.0, _CELSIUS, _FAHRENHEIT),
    Quantity(
        "dew_point_c",
        Kind.INSTANT,
        -100.0,
        40.0,
        _CELSIUS,
        _FAHRENHEIT,
        is_forecast=False,
    ),
    Quantity(
        "pressure_msl_hpa",
        Kind.INSTANT,
        850.0,
        1090.0,
        _HECTOPASCAL,
        _INCH_OF_MERCURY,
    ),
    Quantity(
        "wind_speed_ms",
        Kind.INSTANT,
        0.0,
        115.0,
        WIND[WindUnit.MS],
        step=2.0,
    ),
    Quantity(
        "wind_gust_ms",
        Kind.MAXIMUM,
        0.0,
        150.0,
        WIND[WindUnit.MS],
        step=2.0,
    ),
    Quantity(
        "wind_direction_deg",
        Kind.INSTANT,
        0.0,
        360.0,
        _DEGREES,
        step=45.0,
        is_forecast=False,
    ),
    Quantity(
        "precipitation_mm",
        Kind.SUM,
        0.0,
        305.0,
        _MILLIMETRE,
        DisplayUnit("in", factor=1 / 25.4, digits=2),
        step=5.0,
    ),
    Quantity(
        "snowfall_cm",
        Kind.SUM,
        0.0,
        100.0,
        _CENTIMETRE,
        DisplayUnit("in", factor=1 / 2.54, digits=1),
    ),
    Quantity("weather_code", Kind.CODE, 0.0, 99.0, _CODE),
    Quantity(
        "precipitation_probability",
        Kind.MAXIMUM,
        0.0,
        1.0,
        _PERCENT,
        step=0.1,
        is_measured=False,
    ),
)
BY_NAME: Mapping[str, Quantity] = {quantity.name: quantity for quantity in QUANTITIES}
MEASURED_NAMES = tuple(quantity.name for quantity in QUANTITIES if quantity.is_measured)
FORECAST_NAMES = tuple(quantity.name for quantity in QUANTITIES if quantity.is_forecast)

# An hour with at least this much is a wet hour; gauges report steps of .1 mm, maybe a hair less.
WET_HOUR_MM = 0.1
_HAIR_MM = 1e-4


def is_wet(precipitation_mm: float) -> bool:
    """Whether an hour with so much is a wet hour."""
    return precipitation_mm >= WET_HOUR_MM - _HAIR_MM
