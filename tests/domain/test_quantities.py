"""The one list of quantities, and that all others agree with it."""

from __future__ import annotations

import pytest

from predictor import contract
from weatherapp.domain import quantities
from weatherapp.domain.formatting import MINUS, format_about, format_percent, format_value
from weatherapp.domain.quantities import BY_NAME, FORECAST_NAMES, MEASURED_NAMES
from weatherapp.domain.units import Units, UnitSystem
from weatherapp.intake.open_meteo_body import VARIABLES
from weatherapp.intake.scenes.table import VALUE_NAMES
from weatherapp.models import Reading

NBSP = "\u00a0"
US = Units(UnitSystem.US)


def test_the_predictors_contract_agrees_in_names_and_bounds():
    for feature in contract.FEATURES:
        quantity = BY_NAME[feature.name]
        assert (quantity.low, quantity.high) == (feature.low, feature.high)
        assert quantity.is_measured
    assert quantities.WET_HOUR_MM == contract.WET_HOUR_MM
    assert quantities.is_wet(contract.WET_EDGE_MM)


def test_readings_have_a_column_for_each_measured_quantity():
    columns = {field.name for field in Reading._meta.get_fields()}

    others = {"id", "place", "observed_at", "source", "received_at"}
    assert columns - others == set(MEASURED_NAMES)


def test_the_source_is_asked_for_all_of_them_and_no_more_than_weigh_one():
    assert {variable.name for variable in VARIABLES} == {*MEASURED_NAMES, *FORECAST_NAMES}
    assert len(VARIABLES) == 10


def test_the_replay_has_some_of_those_that_are_measured():
    assert set(VALUE_NAMES) < set(MEASURED_NAMES)


@pytest.mark.parametrize(
    ("name", "value", "metric", "imperial"),
    [
        ("temperature_c", -4.04, f"{MINUS}4.0{NBSP}°C", f"25{NBSP}°F"),
        ("temperature_c", -0.04, f"0.0{NBSP}°C", f"32{NBSP}°F"),
        ("wind_gust_ms", 31.0, f"31.0{NBSP}m/s", f"69{NBSP}mph"),
        ("precipitation_mm", 51.6, f"51.6{NBSP}mm", f"2.03{NBSP}in"),
        ("precipitation_probability", 0.004, f"<1{NBSP}%", f"<1{NBSP}%"),
        ("wind_direction_deg", 230.0, "230°", "230°"),
    ],
)
def test_values_are_shown_in_the_readers_units(name, value, metric, imperial):
    assert format_value(BY_NAME[name], value) == metric
    assert format_value(BY_NAME[name], value, US) == imperial


def test_a_difference_has_a_sign_and_no_offset():
    pressure, temperature = BY_NAME["pressure_msl_hpa"], BY_NAME["temperature_c"]

    assert format_value(pressure, -7.0, is_difference=True) == f"{MINUS}7.0{NBSP}hPa"
    assert format_value(temperature, 10.0, US, is_difference=True) == f"+18{NBSP}°F"


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [(0.0, 0, "0"), (0.004, 0, "<1"), (0.996, 0, ">99"), (1.0, 0, "100"), (0.596, 1, "59.6")],
)
def test_what_is_not_certain_is_never_0_or_100(share, digits, text):
    assert format_percent(share, digits) == f"{text}{NBSP}%"


@pytest.mark.parametrize(
    ("name", "value", "units", "expected"),
    [
        ("wind_gust_ms", 31.2, Units(), "31 m/s"),
        ("precipitation_mm", 20.3, Units(), "20 mm"),
        ("precipitation_mm", 0.42, Units(), "0.4 mm"),
        ("precipitation_mm", 0.0, Units(), "0 mm"),
        ("precipitation_mm", 0.03, Units(), "0 mm"),
        ("precipitation_mm", 1.0, US, "0.04 in"),
        ("precipitation_mm", 10.0, US, "0.4 in"),
        ("snowfall_cm", 3.4, Units(), "3 cm"),
        ("temperature_c", -0.4, Units(), "0 °C"),
        ("temperature_c", -3.4, Units(), f"{MINUS}3 °C"),
        ("temperature_c", 0.6, Units(), "1 °C"),
    ],
)
def test_about_has_no_more_digits_than_a_forecast(name, value, units, expected):
    assert format_about(BY_NAME[name], value, units) == expected.replace(" ", NBSP)
