"""The one list of what is measured and forecast: names with units, bounds, kinds, display units.

Sums and maxima are those of the hour that ends at the value's time, whatever a source does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an hour's value says of its hour."""

    INSTANT = "INSTANT"  # at the time itself
    SUM = "SUM"  # of the hour that ends at the time
    MAXIMUM = "MAXIMUM"  # of the hour that ends at the time
    CODE = "CODE"  # a name, not a number: WMO 4677 at the time itself


class UnitSystem(StrEnum):
    """What a reader wants to read in."""

    METRIC = "METRIC"
    IMPERIAL = "IMPERIAL"


@dataclass(frozen=True, slots=True)
class DisplayUnit:
    """From the project's unit to a reader's: value * factor + offset, with `digits` decimals."""

    symbol: str
    factor: float = 1.0
    offset: float = 0.0
    digits: int = 0

    def convert(self, value: float) -> float:
        return value * self.factor + self.offset


@dataclass(frozen=True, slots=True)
class Quantity:
    """One column of weather. `label` is English, the key of its translations.

    `step` is how far apart two thresholds are that a person would tell apart.
    """

    name: str
    label: str
    kind: Kind
    low: float
    high: float
    metric: DisplayUnit
    imperial: DisplayUnit
    step: float = 1.0
    is_measured: bool = True
    is_forecast: bool = True

    def is_plausible(self, value: float) -> bool:
        """Whether `value`, in the project's unit, can be; outside it is an error of the source."""
        return math.isfinite(value) and self.low <= value <= self.high

    def display_unit(self, system: UnitSystem) -> DisplayUnit:
        return self.imperial if system is UnitSystem.IMPERIAL else self.metric


_CELSIUS = DisplayUnit("°C", digits=1)
_FAHRENHEIT = DisplayUnit("°F", factor=1.8, offset=32.0)
_HECTOPASCAL = DisplayUnit("hPa", digits=1)
_INCH_OF_MERCURY = DisplayUnit("inHg", factor=0.02953, digits=2)
_METRES_PER_SECOND = DisplayUnit("m/s", digits=1)
_MILES_PER_HOUR = DisplayUnit("mph", factor=2.23694)
_DEGREES = DisplayUnit("°")
_MILLIMETRE = DisplayUnit("mm", digits=1)
_CENTIMETRE = DisplayUnit("cm", digits=1)
_PERCENT = DisplayUnit("%", factor=100.0)
_CODE = DisplayUnit("")

# Bounds are physical, not what one would expect: records are -89.2 and 56.7 °C; 870 and 1,083.8 hPa;
# 113.2 m/s in a gust; 305 mm in 42 minutes (https://wmo.asu.edu/content/world-meteorological-organization-global-weather-climate-extremes-archive).
QUANTITIES = (
    Quantity("temperature_c", "Temperature", Kind.INSTANT, -90.0, 60.0, _CELSIUS, _FAHRENHEIT),
    Quantity(
        "dew_point_c",
        "Dew point",
        Kind.INSTANT,
        -100.0,
        40.0,
        _CELSIUS,
        _FAHRENHEIT,
        is_forecast=False,
    ),
    Quantity(
        "pressure_msl_hpa",
        "Pressure at sea level",
        Kind.INSTANT,
        850.0,
        1090.0,
        _HECTOPASCAL,
        _INCH_OF_MERCURY,
    ),
    Quantity(
        "wind_speed_ms",
        "Wind",
        Kind.INSTANT,
        0.0,
        115.0,
        _METRES_PER_SECOND,
        _MILES_PER_HOUR,
        step=2.0,
    ),
    Quantity(
        "wind_gust_ms",
        "Wind gust",
        Kind.MAXIMUM,
        0.0,
        150.0,
        _METRES_PER_SECOND,
        _MILES_PER_HOUR,
        step=2.0,
    ),
    Quantity(
        "wind_direction_deg",
        "Wind direction",
        Kind.INSTANT,
        0.0,
        360.0,
        _DEGREES,
        _DEGREES,
        step=45.0,
        is_forecast=False,
    ),
    Quantity(
        "precipitation_mm",
        "Precipitation",
        Kind.SUM,
        0.0,
        305.0,
        _MILLIMETRE,
        DisplayUnit("in", factor=1 / 25.4, digits=2),
        step=5.0,
    ),
    Quantity(
        "snowfall_cm",
        "Snowfall",
        Kind.SUM,
        0.0,
        100.0,
        _CENTIMETRE,
        DisplayUnit("in", factor=1 / 2.54, digits=1),
    ),
    Quantity("weather_code", "Weather", Kind.CODE, 0.0, 99.0, _CODE, _CODE),
    Quantity(
        "precipitation_probability",
        "Probability of precipitation",
        Kind.MAXIMUM,
        0.0,
        1.0,
        _PERCENT,
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
