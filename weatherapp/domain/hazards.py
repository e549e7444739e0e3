"""What kind of weather a rule warns of, so that readers can be told what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from enum import StrEnum

from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Comparison, Condition, Level


class Hazard(StrEnum):
    """Each has its advice in templates/instructions/, under its name in small letters."""

    THUNDERSTORM = "THUNDERSTORM"
    ICE = "ICE"  # freezing rain, or rain on frozen ground
    SNOW = "SNOW"
    RAIN = "RAIN"
    WIND = "WIND"
    FOG = "FOG"
    FROST = "FROST"
    COLD = "COLD"
    HEAT = "HEAT"
    PRESSURE_FALL = "PRESSURE_FALL"
    GENERIC = "GENERIC"  # nothing that there is advice for


# WMO 4677, as sources send it; the first line that has a code tells, so the worst come first.
_OF_CODES = (
    (Hazard.THUNDERSTORM, frozenset({95, 96, 99})),
    (Hazard.ICE, frozenset({56, 57, 66, 67})),
    (Hazard.SNOW, frozenset({71, 73, 75, 77, 85, 86})),
    (Hazard.RAIN, frozenset({51, 53, 55, 61, 63, 65, 80, 81, 82})),
    (Hazard.FOG, frozenset({45, 48})),
)
# Air two metres up is warmer than the ground beneath it in a clear night.
FROST_BELOW_C = 4.0
COLD_BELOW_C = -10.0  # the DWD's strenger Frost
HEAT_FROM_C = 27.0  # the DWD's and NOAA's caution begins about here
SULTRY_FROM_C = 20.0  # of the dew point


def find_hazard(
    conditions: Sequence[Condition], severity: Severity, codes_seen: Collection[int] = ()
) -> Hazard:
    """Of the rule's first condition that is about any; rain and frost together are ice.

    `codes_seen` are the weather codes that raised the alert, where any did.
    """
    found = [_find_one(condition, severity, codes_seen) for condition in conditions]
    if Hazard.RAIN in found and not {Hazard.FROST, Hazard.COLD}.isdisjoint(found):
        return Hazard.ICE
    return next((hazard for hazard in found if hazard is not Hazard.GENERIC), Hazard.GENERIC)


def _find_one(condition: Condition, severity: Severity, codes_seen: Collection[int]) -> Hazard:
    level = condition.level_at(severity)
    if level is None:
        return Hazard.GENERIC
    if condition.aggregation is Aggregation.ANY_CODE:
        return _of_codes(level.codes & frozenset(codes_seen) or level.codes)
    judge = _JUDGES.get(condition.quantity_name)
    return judge(condition, level) if judge else Hazard.GENERIC


def _of_codes(codes: Collection[int]) -> Hazard:
    for hazard, its_codes in _OF_CODES:
        if not its_codes.isdisjoint(codes):
            return hazard
    return Hazard.GENERIC


def _when_high(hazard: Hazard) -> Callable[[Condition, Level], Hazard]:
    def judge(condition: Condition, _: Level) -> Hazard:
        is_high = condition.comparison is Comparison.AT_LEAST
        return hazard if is_high else Hazard.GENERIC

    return judge


def _of_temperature(condition: Condition, level: Level) -> Hazard:
    if condition.comparison is Comparison.AT_MOST:
        if condition.aggregation is Aggregation.CHANGE or level.threshold <= COLD_BELOW_C:
            return Hazard.COLD
        return Hazard.FROST if level.threshold < FROST_BELOW_C else Hazard.GENERIC
    is_hot = condition.aggregation is not Aggregation.CHANGE and level.threshold >= HEAT_FROM_C
    return Hazard.HEAT if is_hot else Hazard.GENERIC


def _of_dew_point(condition: Condition, level: Level) -> Hazard:
    is_a_value = condition.aggregation is not Aggregation.CHANGE
    is_high = condition.comparison is Comparison.AT_LEAST and level.threshold >= SULTRY_FROM_C
    return Hazard.HEAT if is_a_value and is_high else Hazard.GENERIC


def _of_pressure(condition: Condition, _: Level) -> Hazard:
    is_low = condition.comparison is Comparison.AT_MOST
    return Hazard.PRESSURE_FALL if is_low else Hazard.GENERIC


_JUDGES = {
    "precipitation_mm": _when_high(Hazard.RAIN),
    "precipitation_probability": _when_high(Hazard.RAIN),
    "snowfall_cm": _when_high(Hazard.SNOW),
    "wind_speed_ms": _when_high(Hazard.WIND),
    "wind_gust_ms": _when_high(Hazard.WIND),
    "temperature_c": _of_temperature,
    "dew_point_c": _of_dew_point,
    "pressure_msl_hpa": _of_pressure,
}
