"""The rules that come with the site: thresholds from a named public source each."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from weatherapp.alerting.engine.rule import Rule
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import (
    Aggregation,
    Basis,
    Comparison,
    Condition,
    Level,
    of_code,
)

MINOR, MODERATE, SEVERE, EXTREME = (
    Severity.MINOR,
    Severity.MODERATE,
    Severity.SEVERE,
    Severity.EXTREME,
)

# The German weather service's criteria: https://www.dwd.de/DE/wetter/warnungen_aktuell/kriterien/warnkriterien.html
# Its levels 1 to 4 are Minor to Extreme here.
DWD = "DWD, criteria of weather warnings"
# https://en.ilmatieteenlaitos.fi/warnings-on-hot-and-cold-weather: southern Finland, yellow to red
FMI = "Finnish Meteorological Institute, warnings of cold weather"
# WMO-No. 306, Manual on Codes, code table 1100: mean wind at 10 m
BEAUFORT = "WMO, Beaufort scale"
# https://www.metoffice.gov.uk/weather/specialist-forecasts/coast-and-sea/glossary: in three hours
MET_OFFICE = "Met Office, marine glossary"
OWN = "this site: the probability at which its own scores are sharp (docs/rain-model.md)"

DAY_HOURS = 24


@dataclass(frozen=True, slots=True)
class CatalogueRule:
    """`key` stays for ever; `source` says where the thresholds are from.

    `name` is English, as it is stored: translate_name has it in the active language.
    """

    key: str
    name: str
    source: str
    says: Rule


def _level(severity: Severity, threshold: float, recovery: float) -> Level:
    return Level(severity, threshold, recovery)


def _chance(hours: int, threshold: float, recovery: float) -> Rule:
    return Rule(
        (
            Condition(
                "precipitation_probability",
                Basis.PROBABILITY,
                hours,
                Aggregation.ANY_WET,
                Comparison.AT_LEAST,
                (_level(MINOR, threshold, recovery),),
            ),
        )
    )


def _above(
    quantity: str, basis: Basis, hours: int, aggregation: Aggregation, *levels: Level
) -> Rule:
    condition = Condition(quantity, basis, hours, aggregation, Comparison.AT_LEAST, levels)
    return Rule((condition,))


def _below(
    quantity: str, basis: Basis, hours: int, aggregation: Aggregation, *levels: Level
) -> Rule:
    condition = Condition(quantity, basis, hours, aggregation, Comparison.AT_MOST, levels)
    return Rule((condition,))


CATALOGUE = (
    CatalogueRule("rain-soon", gettext_noop("Rain soon"), OWN, _chance(1, 0.5, 0.35)),
    CatalogueRule("rain-6h", gettext_noop("Rain within six hours"), OWN, _chance(6, 0.6, 0.45)),
    CatalogueRule(
        "heavy-rain",
        gettext_noop("Heavy rain"),
        DWD,  # Starkregen, in six hours
        _above(
            "precipitation_mm",
            Basis.FORECAST,
            6,
            Aggregation.SUM,
            _level(MODERATE, 20.0, 15.0),
            _level(SEVERE, 35.0, 28.0),
            _level(EXTREME, 60.0, 50.0),
        ),
    ),
    CatalogueRule(
        "heavy-rain-measured",
        gettext_noop("Heavy rain has fallen"),
        DWD,  # Starkregen, in one hour
        _above(
            "precipitation_mm",
            Basis.MEASURED,
            1,
            Aggregation.SUM,
            _level(MODERATE, 15.0, 5.0),
            _level(SEVERE, 25.0, 15.0),
            _level(EXTREME, 40.0, 25.0),
        ),
    ),
    CatalogueRule(
        "heavy-rain-measured-6h",
        gettext_noop("Heavy rain has fallen in six hours"),
        DWD,  # Starkregen, in six hours
        _above(
            "precipitation_mm",
            Basis.MEASURED,
            6,
            Aggregation.SUM,
            _level(MODERATE, 20.0, 15.0),
            _level(SEVERE, 35.0, 28.0),
            _level(EXTREME, 60.0, 50.0),
        ),
    ),
    CatalogueRule(
        "persistent-rain",
        gettext_noop("Persistent rain"),
        DWD,  # Dauerregen, in 24 hours
        _above(
            "precipitation_mm",
            Basis.MEASURED,
            DAY_HOURS,
            Aggregation.SUM,
            _level(MODERATE, 30.0, 25.0),
            _level(SEVERE, 50.0, 45.0),
            _level(EXTREME, 80.0, 70.0),
        ),
    ),
    CatalogueRule(
        "strong-wind",
        gettext_noop("Strong wind"),
        BEAUFORT,  # 6, strong breeze
        _above("wind_speed_ms", Basis.MEASURED, 1, Aggregation.MAXIMUM, _level(MINOR, 10.8, 8.0)),
    ),
    CatalogueRule(
        "gale",
        gettext_noop("Gale"),
        BEAUFORT,  # 8 gale, 10 storm, 12 hurricane force
        _above(
            "wind_speed_ms",
            Basis.FORECAST,
            DAY_HOURS,
            Aggregation.MAXIMUM,
            _level(MODERATE, 17.2, 15.0),
            _level(SEVERE, 24.5, 21.0),
            _level(EXTREME, 32.7, 29.0),
        ),
    ),
    CatalogueRule(
        "storm-gusts",
        gettext_noop("Storm gusts"),
        DWD,  # Sturmböen, orkanartige Böen, extreme Orkanböen
        _above(
            "wind_gust_ms",
            Basis.FORECAST,
            DAY_HOURS,
            Aggregation.MAXIMUM,
            _level(MODERATE, 18.0, 16.0),
            _level(SEVERE, 29.0, 26.0),
            _level(EXTREME, 39.0, 35.0),
        ),
    ),
    CatalogueRule(
        "thunderstorm",
        gettext_noop("Thunderstorm"),
        DWD,  # thunder, with hail, with heavy hail
        _above(
            "weather_code",
            Basis.FORECAST,
            12,
            Aggregation.ANY_CODE,
            of_code(MINOR, frozenset({95, 96, 99})),
            of_code(MODERATE, frozenset({96, 99})),
            of_code(SEVERE, frozenset({99})),
        ),
    ),
    CatalogueRule(
        "snow",
        gettext_noop("Snow"),
        DWD,  # Schneefall below 800 m, in six hours
        _above(
            "snowfall_cm",
            Basis.FORECAST,
            6,
            Aggregation.SUM,
            _level(MINOR, 1.0, 0.5),
            _level(MODERATE, 5.0, 4.0),
            _level(SEVERE, 10.0, 8.0),
            _level(EXTREME, 20.0, 17.0),
        ),
    ),
    CatalogueRule(
        "frost",
        gettext_noop("Frost"),
        DWD,  # Frost, strenger Frost
        _below(
            "temperature_c",
            Basis.FORECAST,
            DAY_HOURS,
            Aggregation.MINIMUM,
            _level(MINOR, 0.0, 1.0),
            _level(MODERATE, -10.0, -8.0),
        ),
    ),
    CatalogueRule(
        "severe-cold",
        gettext_noop("Severe cold"),
        FMI,
        _below(
            "temperature_c",
            Basis.FORECAST,
            DAY_HOURS,
            Aggregation.MINIMUM,
            _level(MODERATE, -20.0, -18.0),
            _level(SEVERE, -30.0, -28.0),
            _level(EXTREME, -35.0, -33.0),
        ),
    ),
    CatalogueRule(
        "heat",
        gettext_noop("Heat"),
        DWD,  # of the felt temperature; here of the air's, which is often lower
        _above(
            "temperature_c",
            Basis.FORECAST,
            DAY_HOURS,
            Aggregation.MAXIMUM,
            _level(MODERATE, 32.0, 31.0),
            _level(SEVERE, 38.0, 36.0),
        ),
    ),
    CatalogueRule(
        "pressure-fall",
        gettext_noop("Fast fall of pressure"),
        MET_OFFICE,  # falling quickly, very rapidly
        _below(
            "pressure_msl_hpa",
            Basis.MEASURED,
            3,
            Aggregation.CHANGE,
            _level(MINOR, -3.6, -1.5),
            _level(MODERATE, -6.0, -3.5),
        ),
    ),
)
BY_KEY = {rule.key: rule for rule in CATALOGUE}


def translate_name(*, key: str, name: str) -> str:
    """The name of a rule: in the active language, unless an operator has given it one."""
    entry = BY_KEY.get(key)
    return gettext(name) if entry and entry.name == name else name
