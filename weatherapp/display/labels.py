"""Names of what rows and the domain hold as codes, in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weatherapp.domain.cap import Certainty, Severity, Urgency

QUANTITIES: Final[Mapping[str, Promise]] = {
    "temperature_c": _("Temperature"),
    "dew_point_c": _("Dew point"),
    "pressure_msl_hpa": _("Pressure at sea level"),
    "wind_speed_ms": _("Wind"),
    "wind_gust_ms": _("Wind gust"),
    "wind_direction_deg": _("Wind direction"),
    "precipitation_mm": _("Precipitation"),
    "snowfall_cm": _("Snowfall"),
    "weather_code": _("Weather"),
    "precipitation_probability": _("Probability of precipitation"),
}
# Within sentences, as languages with articles need them: "la température baisse", and "le maximum
# de la température".
QUANTITIES_IN_SENTENCES: Final[Mapping[str, Promise]] = {
    "temperature_c": pgettext_lazy("subject of a sentence", "temperature"),
    "dew_point_c": pgettext_lazy("subject of a sentence", "dew point"),
    "pressure_msl_hpa": pgettext_lazy("subject of a sentence", "pressure at sea level"),
    "wind_speed_ms": pgettext_lazy("subject of a sentence", "wind"),
    "wind_gust_ms": pgettext_lazy("subject of a sentence", "wind gust"),
    "wind_direction_deg": pgettext_lazy("subject of a sentence", "wind direction"),
    "precipitation_mm": pgettext_lazy("subject of a sentence", "precipitation"),
    "snowfall_cm": pgettext_lazy("subject of a sentence", "snowfall"),
    "weather_code": pgettext_lazy("subject of a sentence", "weather"),
    "precipitation_probability": pgettext_lazy(
        "subject of a sentence", "probability of precipitation"
    ),
}
QUANTITIES_AFTER_OF: Final[Mapping[str, Promise]] = {
    "temperature_c": pgettext_lazy("the highest, lowest, mean, sum of", "temperature"),
    "dew_point_c": pgettext_lazy("the highest, lowest, mean, sum of", "dew point"),
    "pressure_msl_hpa": pgettext_lazy("the highest, lowest, mean, sum of", "pressure at sea level"),
    "wind_speed_ms": pgettext_lazy("the highest, lowest, mean, sum of", "wind"),
    "wind_gust_ms": pgettext_lazy("the highest, lowest, mean, sum of", "wind gust"),
    "wind_direction_deg": pgettext_lazy("the highest, lowest, mean, sum of", "wind direction"),
    "precipitation_mm": pgettext_lazy("the highest, lowest, mean, sum of", "precipitation"),
    "snowfall_cm": pgettext_lazy("the highest, lowest, mean, sum of", "snowfall"),
    "weather_code": pgettext_lazy("the highest, lowest, mean, sum of", "weather"),
    "precipitation_probability": pgettext_lazy(
        "the highest, lowest, mean, sum of", "probability of precipitation"
    ),
}
SEVERITIES: Final[Mapping[str, Promise]] = {
    Severity.UNKNOWN: pgettext_lazy("severity", "Unknown"),
    Severity.MINOR: pgettext_lazy("severity", "Minor"),
    Severity.MODERATE: pgettext_lazy("severity", "Moderate"),
    Severity.SEVERE: pgettext_lazy("severity", "Severe"),
    Severity.EXTREME: pgettext_lazy("severity", "Extreme"),
}
URGENCIES: Final[Mapping[str, Promise]] = {
    Urgency.IMMEDIATE: pgettext_lazy("urgency", "Immediate"),
    Urgency.EXPECTED: pgettext_lazy("urgency", "Expected"),
    Urgency.FUTURE: pgettext_lazy("urgency", "Future"),
    Urgency.PAST: pgettext_lazy("urgency", "Past"),
    Urgency.UNKNOWN: pgettext_lazy("urgency", "Unknown"),
}
CERTAINTIES: Final[Mapping[str, Promise]] = {
    Certainty.OBSERVED: pgettext_lazy("certainty", "Observed"),
    Certainty.LIKELY: pgettext_lazy("certainty", "Likely"),
    Certainty.POSSIBLE: pgettext_lazy("certainty", "Possible"),
    Certainty.UNLIKELY: pgettext_lazy("certainty", "Unlikely"),
    Certainty.UNKNOWN: pgettext_lazy("certainty", "Unknown"),
}
# How a place stands where no confirmed alert says it by its severity.
STANDINGS: Final[Mapping[str, Promise]] = {
    "unconfirmed": _("Alert not confirmed by data"),
    "no-data": _("No data"),
    "calm": _("No open alert"),
}
# Where a wind comes from, clockwise from north.
COMPASS: Final = (
    pgettext_lazy("wind from", "N"),
    pgettext_lazy("wind from", "NE"),
    pgettext_lazy("wind from", "E"),
    pgettext_lazy("wind from", "SE"),
    pgettext_lazy("wind from", "S"),
    pgettext_lazy("wind from", "SW"),
    pgettext_lazy("wind from", "W"),
    pgettext_lazy("wind from", "NW"),
)


def name_quantity(name: str) -> str:
    return str(QUANTITIES[name])


def name_quantity_in_sentence(name: str) -> str:
    """As what a sentence is about: "temperature is only measured"."""
    return str(QUANTITIES_IN_SENTENCES[name])


def name_quantity_of(name: str) -> str:
    """As what something is of: "the highest temperature"."""
    return str(QUANTITIES_AFTER_OF[name])


def name_severity(severity: str) -> str:
    return str(SEVERITIES[severity])


def name_urgency(urgency: str) -> str:
    return str(URGENCIES[urgency])


def name_certainty(certainty: str) -> str:
    return str(CERTAINTIES[certainty])


def name_standing(standing: str) -> str:
    """The severity of the worst alert, or one of STANDINGS."""
    return str(STANDINGS[standing] if standing in STANDINGS else SEVERITIES[standing.capitalize()])


def name_direction(degrees: float) -> str:
    """The eight-point compass name of where a wind comes from."""
    return str(COMPASS[round(degrees / 45) % 8])
