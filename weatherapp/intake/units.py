"""From the units that a body names to the project's."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Convert = Callable[[float], float]


class UnknownUnitError(ValueError):
    """The body names a unit that this quantity is not measured in: take none of its numbers."""


def _times(factor: float) -> Convert:
    return lambda value: value * factor


def _keep(value: float) -> float:
    return value


# The spellings are Open-Meteo's; mph is theirs for a parameter, mp/h what comes back.
CELSIUS: Mapping[str, Convert] = {"°C": _keep, "°F": lambda value: (value - 32) / 1.8}
HECTOPASCAL: Mapping[str, Convert] = {"hPa": _keep}
METRES_PER_SECOND: Mapping[str, Convert] = {
    "m/s": _keep,
    "km/h": _times(1 / 3.6),
    "mp/h": _times(0.44704),
    "mph": _times(0.44704),
    "kn": _times(1852 / 3600),
}
DEGREES: Mapping[str, Convert] = {"°": _keep}
MILLIMETRES: Mapping[str, Convert] = {"mm": _keep, "inch": _times(25.4)}
CENTIMETRES: Mapping[str, Convert] = {"cm": _keep, "inch": _times(2.54)}
SHARE: Mapping[str, Convert] = {"%": _times(0.01)}
WMO_CODE: Mapping[str, Convert] = {"wmo code": _keep}


def find_convert(units: Mapping[str, Convert], unit: object) -> Convert:
    """How to convert from `unit`. Raises UnknownUnitError."""
    if not isinstance(unit, str) or unit not in units:
        raise UnknownUnitError(f"unit {unit!r} is none of {', '.join(units)}")
    return units[unit]
