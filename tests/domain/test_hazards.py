"""Every rule that can be has a kind of weather, and every kind has advice."""

from __future__ import annotations

from itertools import product

import pytest
from django.template.loader import get_template

from weatherapp.alerting.catalogue import CATALOGUE
from weatherapp.alerting.engine.problems import allowed_aggregations
from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.domain.conditions import (
    Aggregation,
    Basis,
    Comparison,
    Condition,
    Level,
    of_code,
)
from weatherapp.domain.hazards import Hazard, find_hazard
from weatherapp.domain.quantities import QUANTITIES
from weatherapp.domain.weather_codes import WEATHER_CODES

AT_LEAST, AT_MOST = Comparison.AT_LEAST, Comparison.AT_MOST


def condition_of(
    quantity, threshold, comparison=AT_LEAST, aggregation=Aggregation.MAXIMUM, basis=Basis.FORECAST
):
    level = Level(Severity.MODERATE, threshold, threshold)
    return Condition(quantity, basis, 6, aggregation, comparison, (level,))


def any_of(*codes, severity=Severity.MINOR):
    levels = (of_code(severity, frozenset(codes)),)
    return Condition("weather_code", Basis.FORECAST, 12, Aggregation.ANY_CODE, AT_LEAST, levels)


def hazard_of(*conditions, severity=Severity.SEVERE, seen=()):
    return find_hazard(conditions, severity, seen)


@pytest.mark.parametrize(
    ("condition", "hazard"),
    [
        (condition_of("precipitation_mm", 20.0, aggregation=Aggregation.SUM), Hazard.RAIN),
        (condition_of("precipitation_mm", 0.1, AT_MOST), Hazard.GENERIC),
        (condition_of("precipitation_probability", 0.6), Hazard.RAIN),
        (condition_of("snowfall_cm", 5.0), Hazard.SNOW),
        (condition_of("wind_speed_ms", 17.2), Hazard.WIND),
        (condition_of("wind_gust_ms", 29.0), Hazard.WIND),
        (condition_of("wind_gust_ms", 1.0, AT_MOST), Hazard.GENERIC),
        (condition_of("temperature_c", 0.0, AT_MOST), Hazard.FROST),
        (condition_of("temperature_c", -10.0, AT_MOST), Hazard.COLD),
        (condition_of("temperature_c", 12.0, AT_MOST), Hazard.GENERIC),
        (condition_of("temperature_c", -8.0, AT_MOST, Aggregation.CHANGE), Hazard.COLD),
        (condition_of("temperature_c", 32.0), Hazard.HEAT),
        (condition_of("temperature_c", 20.0), Hazard.GENERIC),
        (condition_of("temperature_c", 30.0, aggregation=Aggregation.CHANGE), Hazard.GENERIC),
        (condition_of("dew_point_c", 24.0), Hazard.HEAT),
        (condition_of("dew_point_c", 5.0), Hazard.GENERIC),
        (
            condition_of("pressure_msl_hpa", -6.0, AT_MOST, Aggregation.CHANGE),
            Hazard.PRESSURE_FALL,
        ),
        (condition_of("pressure_msl_hpa", 1040.0), Hazard.GENERIC),
        (condition_of("wind_direction_deg", 180.0), Hazard.GENERIC),
        (any_of(95), Hazard.THUNDERSTORM),
        (any_of(66, 61), Hazard.ICE),
        (any_of(71), Hazard.SNOW),
        (any_of(82), Hazard.RAIN),
        (any_of(45), Hazard.FOG),
        (any_of(0, 1), Hazard.GENERIC),
    ],
)
def test_a_condition_is_about_its_weather(condition, hazard):
    assert hazard_of(condition) is hazard


def test_a_level_of_its_own_severity_tells_frost_from_cold():
    levels = (Level(Severity.MINOR, 0.0, 1.0), Level(Severity.MODERATE, -10.0, -8.0))
    condition = Condition("temperature_c", Basis.FORECAST, 24, Aggregation.MINIMUM, AT_MOST, levels)

    assert hazard_of(condition, severity=Severity.MINOR) is Hazard.FROST
    assert hazard_of(condition, severity=Severity.MODERATE) is Hazard.COLD


def test_the_first_condition_that_is_about_any_weather_leads():
    calm = condition_of("wind_direction_deg", 180.0)
    gusts, rain = condition_of("wind_gust_ms", 20.0), condition_of("precipitation_mm", 5.0)

    assert hazard_of(calm, gusts, rain) is Hazard.WIND
    assert hazard_of(calm, rain, gusts) is Hazard.RAIN


def test_rain_in_frost_is_ice():
    rain, frost = condition_of("precipitation_mm", 1.0), condition_of("temperature_c", 0.0, AT_MOST)

    assert hazard_of(rain, frost) is hazard_of(frost, rain) is Hazard.ICE


def test_codes_that_were_seen_tell_what_a_rule_of_many_is_about():
    rule = any_of(45, 66, 95)

    assert hazard_of(rule) is Hazard.THUNDERSTORM
    assert hazard_of(rule, seen=[45, 0]) is Hazard.FOG
    assert hazard_of(rule, seen=[0]) is Hazard.THUNDERSTORM


def test_a_severity_below_all_levels_is_of_no_kind():
    assert hazard_of(condition_of("wind_gust_ms", 20.0), severity=Severity.MINOR) is Hazard.GENERIC
    assert hazard_of() is Hazard.GENERIC


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.key)
def test_every_rule_that_comes_with_the_site_has_a_kind_of_its_own(rule):
    for severity in rule.says.severities:
        assert find_hazard(rule.says.conditions, severity) is not Hazard.GENERIC


@pytest.mark.parametrize("code", WEATHER_CODES)
def test_every_weather_but_a_dry_sky_has_a_kind(code):
    assert (hazard_of(any_of(code)) is Hazard.GENERIC) == (code < 4)


def every_condition():
    """Of every quantity, basis, aggregation and side, with thresholds at both ends."""
    for quantity, basis, aggregation, comparison in product(
        QUANTITIES, Basis, Aggregation, Comparison
    ):
        for threshold in (quantity.low, quantity.high):
            one = condition_of(quantity.name, threshold, comparison, aggregation, basis)
            if aggregation in allowed_aggregations(one):
                yield one


def test_every_condition_that_can_be_has_a_kind_with_advice():
    kinds = {
        find_hazard([condition], severity) for condition in every_condition() for severity in LEVELS
    }

    assert len(kinds) > 5
    assert all(get_template(f"instructions/{kind.lower()}.html") for kind in Hazard)
