"""The sentences of the hours to come."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string

from tests.domain.forecasts import HOUR, make_series, rain
from tests.factories import NOON
from tests.pages.markup import read
from weatherapp.display.reader import shown_to
from weatherapp.domain.formatting import MINUS
from weatherapp.domain.units import Units, UnitSystem
from weatherapp.pages.story import read_story

NIGHT = {f"h{lead}": 1.0 for lead in range(1, 25)}


def tell(*, zone: str = "UTC", probabilities=None, **columns) -> str:
    story = read_story(
        make_series(**columns), now=NOON, zone=ZoneInfo(zone), probabilities=probabilities
    )
    html = render_to_string("place/story.html", {"story": story})
    markup = read(html)
    assert markup.mistakes == []
    return " ".join(markup.one("p").text.replace("\u00a0", " ").split())


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        pytest.param(
            rain(h3=2, h4=3, h5=8, h6=3, h7=2, h8=0.5),
            "Rain from about 14:00, over by about 20:00: about 18 mm, heaviest between 16:00 and "
            "17:00.",
            id="with its wettest hour",
        ),
        pytest.param(
            rain(h3=2, h4=2),
            "Rain from about 14:00, over by about 16:00: about 4 mm.",
            id="without one",
        ),
        pytest.param(
            rain(h1=0.2, h2=0.2), "Rain until about 14:00.", id="already raining, and little"
        ),
        pytest.param(rain(**NIGHT), "Rain until at least 12:00 tomorrow: about 24 mm.", id="all"),
        pytest.param(
            rain(h20=1, h21=1, h22=1, h23=1, h24=9),
            "Rain from about 07:00 tomorrow until at least 12:00: about 13 mm, heaviest between "
            "11:00 and 12:00.",
            id="beyond the end",
        ),
        pytest.param(
            rain(h9=1, h12=1),
            "Rain on and off from about 20:00, over by about midnight: about 2 mm.",
            id="on and off, to midnight",
        ),
        pytest.param(
            rain(h2=1, h9=1),
            "Rain from about 13:00, over by about 14:00: about 1 mm. Rain from about 20:00, over "
            "by about 21:00: about 1 mm.",
            id="twice",
        ),
        pytest.param(
            {"precipitation_probability": [0.4, 0.4] + [0.1] * 22},
            "Rain possible until about 14:00.",
            id="less likely than not",
        ),
        pytest.param(
            rain(h3=1, h4=1) | {"temperature_c": -4.0, "snowfall_cm": [0, 0, 0.7, 0.7] + [0] * 20},
            "Snow from about 14:00, over by about 16:00: about 1 cm. Frost: about ~4 °C.",
            id="snow",
        ),
        pytest.param({}, "No rain is expected until 12:00 tomorrow: its probability is 5 % at most "
            "in any hour.", id="dry"),
        pytest.param(
            {"precipitation_probability": None, "temperature_c": 1.0},
            "No rain or snow is expected until 12:00 tomorrow. Temperature about 1 °C.",
            id="dry and cold, no probability",
        ),
        pytest.param(
            {"precipitation_mm": None, "precipitation_probability": None},
            "There is no forecast of rain for these hours. Temperature about 10 °C.",
            id="no rain known",
        ),
        pytest.param({"hours": 6}, "The forecast ends at 18:00.", id="ends early"),
        pytest.param(
            {"precipitation_mm": [0.0, None, *[0.0] * 22], "precipitation_probability": None},
            "Some of these hours are missing from the forecast.",
            id="gaps",
        ),
        pytest.param(
            {"weather_code": [3, 95, 95, *[3] * 21]},
            "Thunderstorms are possible between 13:00 and 15:00.",
            id="thunder",
        ),
        pytest.param(
            {"wind_gust_ms": [10.0] * 5 + [31.2] + [10.0] * 18},
            "Gusts to 31 m/s at about 18:00.",
            id="gusts",
        ),
        pytest.param({"wind_speed_ms": 12.4}, "Wind to 12 m/s at about 13:00.", id="no gust known"),
        pytest.param(
            {"temperature_c": [2.0] * 12 + [-1.6] + [8.0] * 11},
            "Frost: ~2 °C at about 01:00 tomorrow, at most 8 °C.",
            id="frost",
        ),
        pytest.param(
            {"temperature_c": [7.6] * 12 + [15.4] * 12},
            "Temperature from 8 °C to 15 °C.",
            id="temperatures",
        ),
    ],
)  # fmt: skip
def test_it_is_told_in_whole_sentences(columns, said):
    said = said.replace("~", MINUS)

    assert said in tell(**columns)


def test_a_calm_day_says_nothing_of_wind_thunder_or_frost():
    text = tell(wind_gust_ms=8.0, wind_speed_ms=4.0, weather_code=3)

    for word in ("Gusts", "Wind", "Thunder", "Frost", "missing", "ends"):
        assert word not in text


def test_times_are_those_of_the_place():
    assert "Rain from about 19:30, over by about 21:30" in tell(
        zone="Asia/Kolkata", **rain(h3=2, h4=2)
    )


def test_the_sites_probability_counts():
    assert "Rain possible from about 14:00" in tell(
        probabilities={NOON + 3 * HOUR: 0.3}, **rain(h3=2)
    )


def test_values_are_in_the_readers_units():
    with shown_to(language="en", units=Units(UnitSystem.US)):
        text = tell(wind_gust_ms=31.2, **rain(h3=10, h4=3))

    assert "about 0.5 in" in text
    assert "Gusts to 70 mph" in text
    assert "Temperature about 50 °F" in text


def test_without_a_forecast_nothing_is_told():
    assert read_story(None, now=NOON, zone=ZoneInfo("UTC")) is None
    assert render_to_string("place/story.html", {"story": None}).strip() == ""
