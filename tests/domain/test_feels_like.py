"""What a temperature feels like, against published tables."""

import pytest

from weatherapp.domain.feels_like import feels_like_c

KMH = 1 / 3.6


@pytest.mark.parametrize(
    ("temperature_c", "wind_kmh", "chill_c"),
    [  # Environment Canada's table of wind chill, whole degrees
        (5.0, 5.0, 4),
        (0.0, 20.0, -5),
        (-10.0, 30.0, -20),
        (-20.0, 50.0, -35),
        (-40.0, 80.0, -67),
    ],
)
def test_wind_chill(temperature_c, wind_kmh, chill_c):
    assert round(feels_like_c(temperature_c, wind_kmh * KMH)) == chill_c


@pytest.mark.parametrize(
    ("temperature_f", "dew_point_c", "index_f"),
    [  # NWS's chart: 90 °F at 60 % feels like 100, 100 °F at 50 % like 118
        (90.0, 23.6, 100),
        (100.0, 25.5, 118),
    ],
)
def test_heat_index(temperature_f, dew_point_c, index_f):
    felt_c = feels_like_c((temperature_f - 32) / 1.8, 3.0, dew_point_c)

    assert felt_c * 1.8 + 32 == pytest.approx(index_f, abs=1.2)


def test_between_cold_and_heat_it_is_the_temperature():
    assert feels_like_c(18.0, 12.0, 10.0) == 18.0
    assert feels_like_c(18.0, None, None) == 18.0


def test_calm_air_does_not_chill():
    assert feels_like_c(-5.0, 1.0) == -5.0


def test_cold_without_wind_and_heat_without_dew_point_are_unknown():
    assert feels_like_c(2.0, None) is None
    assert feels_like_c(33.0, 4.0) is None


def test_neither_wind_warms_nor_dry_air_cools():
    assert feels_like_c(10.0, 1.4) <= 10.0
    assert feels_like_c(27.0, 2.0, -10.0) == 27.0


def test_an_impossible_dew_point_is_saturation():
    assert feels_like_c(30.0, 2.0, 35.0) == feels_like_c(30.0, 2.0, 30.0)
