"""Every rule reads as a sentence, made from its parts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from weatherapp.alerting.catalogue import BY_KEY, CATALOGUE

NBSP = "\u00a0"


def sentence(says):
    return render_to_string("rules/sentence.html", {"says": says}).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (
            "rain-6h",
            "Raises an alert when the probability of any rain within the next 6 hours is 60 % or "
            "more. Ends it when that falls below 45 %.",
        ),
        (
            "storm-gusts",
            "Raises an alert when the highest wind gust forecast for the next 24 hours is 18.0 m/s "
            "(Moderate), 29.0 m/s (Severe), 39.0 m/s (Extreme) or more. Ends it when that is below "
            "16.0 m/s.",
        ),
        (
            "persistent-rain",
            "Raises an alert when the sum of precipitation measured in the last 24 hours is "
            "30.0 mm (Moderate), 50.0 mm (Severe), 80.0 mm (Extreme) or more. Ends it when that is "
            "below 25.0 mm.",
        ),
        (
            "thunderstorm",
            "Raises an alert when the source forecasts, within the next 12 hours, thunderstorm or "
            "thunderstorm with hail or thunderstorm with heavy hail (Minor); thunderstorm with hail "
            "or thunderstorm with heavy hail (Moderate); thunderstorm with heavy hail (Severe). "
            "Ends it when that is forecast no longer.",
        ),
        (
            "pressure-fall",
            "Raises an alert when pressure at sea level has fallen by 3.6 hPa (Minor), 6.0 hPa "
            "(Moderate) or more within the last 3 hours. Ends it when that is less than 1.5 hPa.",
        ),
        (
            "frost",
            "Raises an alert when the lowest temperature forecast for the next 24 hours is 0.0 °C "
            "(Minor), \u221210.0 °C (Moderate) or less. Ends it when that is above 1.0 °C.",
        ),
    ],
)
def test_a_rule_of_the_catalogue_in_words(key, words):
    assert sentence(BY_KEY[key].says) == words


def test_what_is_patient_says_so():
    says = replace(
        BY_KEY["frost"].says,
        pending_evaluations=2,
        keep_firing_minutes=90,
        rearm_minutes=600,
        months=frozenset({4, 5}),
        from_hour=20,
        to_hour=8,
    )

    words = sentence(says)

    assert "Only when that has been so 2 times in a row." in words
    assert "Only in April, May from 20:00 to 8:00 local time." in words
    assert "Waits 90 minutes before it ends. Then waits 600 minutes before the next one." in words


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.key)
def test_no_sentence_has_a_hole(entry):
    words = sentence(entry.says)

    assert words.startswith("Raises an alert when ")
    assert "  " not in words
    assert " ." not in words
