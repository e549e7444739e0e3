"""The temperature that people feel: wind chill in the cold, heat index in the heat. Pure."""

from __future__ import annotations

import math

# Environment Canada and NWS, 2001 (https://www.weather.gov/media/epz/wxcalc/windChill.pdf).
CHILL_UP_TO_C = 10.0
CHILL_FROM_KMH = 4.8
KMH_PER_MS = 3.6
# Rothfusz 1990 (https://www.wpc.ncep.noaa.gov/html/heatindex_equation.shtml), in °F and percent.
HEAT_FROM_F = 80.0
_HEAT = (
    -42.379, 2.04901523, 10.14333127, -0.22475541, -6.83783e-3, -5.481717e-2, 1.22874e-3,
    8.5282e-4, -1.99e-6,
)  # fmt: skip


def feels_like_c(
    temperature_c: float, wind_speed_ms: float | None, dew_point_c: float | None = None
) -> float | None:
    """None where it depends on what is not known; between cold and heat it is the temperature."""
    if temperature_c <= CHILL_UP_TO_C:
        return None if wind_speed_ms is None else _wind_chill_c(temperature_c, wind_speed_ms)
    if _to_f(temperature_c) < HEAT_FROM_F:
        return temperature_c
    return None if dew_point_c is None else _heat_index_c(temperature_c, dew_point_c)


def _wind_chill_c(temperature_c: float, wind_speed_ms: float) -> float:
    speed_kmh = wind_speed_ms * KMH_PER_MS
    if speed_kmh < CHILL_FROM_KMH:
        return temperature_c
    factor = math.pow(speed_kmh, 0.16)
    chill_c = 13.12 + 0.6215 * temperature_c + (0.3965 * temperature_c - 11.37) * factor
    return min(chill_c, temperature_c)


def _heat_index_c(temperature_c: float, dew_point_c: float) -> float:
    t, r = _to_f(temperature_c), _humidity_pct(temperature_c, dew_point_c)
    c = _HEAT
    index_f = (
        c[0] + c[1] * t + c[2] * r + c[3] * t * r + c[4] * t * t + c[5] * r * r
        + c[6] * t * t * r + c[7] * t * r * r + c[8] * t * t * r * r
    )  # fmt: skip
    return max((index_f - 32) / 1.8, temperature_c)


def _humidity_pct(temperature_c: float, dew_point_c: float) -> float:
    """Relative humidity by Magnus' formula; a dew point above the air's is saturation."""

    def pressure(at_c: float) -> float:
        return math.exp(17.625 * at_c / (243.04 + at_c))

    return min(100.0, 100.0 * pressure(dew_point_c) / pressure(temperature_c))


def _to_f(celsius: float) -> float:
    return celsius * 1.8 + 32
