"""The sentence above everything."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from tests.factories import NOON
from weatherapp.models import Prediction
from weatherapp.pages.outlook import make_outlook


def headline(*, age, near=0.72, zone="America/New_York"):
    prediction = Prediction(
        window_end_at=NOON,
        hourly_probability=[min(near, 0.1)] * 24,
        probability_any_6h=near,
        probability_any_24h=0.9,
    )
    outlook = make_outlook(prediction, now=NOON + age)
    return render_to_string("parts/headline.html", {"outlook": outlook, "zone": zone})


def test_headline_says_how_likely_rain_is():
    assert headline(age=timedelta(minutes=20)) == (
        "Rain is likely within the next 6 hours: 72\u00a0%"
    )


def test_headline_of_an_older_prediction_says_from_when_it_counts():
    assert (
        headline(age=timedelta(hours=2))
        == "Rain is likely within 6 hours of 07:00 UTC\u22125: 72\u00a0%"
    )


@pytest.mark.parametrize(("minutes", "is_near"), [(90, True), (91, False)])
def test_headline_changes_after_an_hour_and_a_half(minutes, is_near):
    assert ("the next 6 hours" in headline(age=timedelta(minutes=minutes))) is is_near


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.0, "No rain is expected"),
        (0.05, "Rain is unlikely"),
        (0.2, "Rain is possible"),
        (0.59, "Rain is about as likely as not"),
        (0.6, "Rain is likely"),
        (0.94, "Rain is very likely"),
        (1.0, "Rain is almost certain"),
    ],
)
@pytest.mark.parametrize("hours", [0, 2])
def test_headline_has_words_for_every_chance(probability, expected, hours):
    assert headline(age=timedelta(hours=hours), near=probability).startswith(f"{expected} within")


def test_hours_follow_the_end_of_the_window():
    prediction = Prediction(
        window_end_at=NOON,
        hourly_probability=[0.1] * 24,
        probability_any_6h=0.3,
        probability_any_24h=0.5,
    )
    outlook = make_outlook(prediction, now=NOON)

    assert outlook.hours[0].starts_at == NOON
    assert outlook.near_ends_at == NOON + timedelta(hours=6)
    assert outlook.ends_at == NOON + timedelta(hours=24)
    assert outlook.hours[5].by_then == pytest.approx(0.3)
    assert outlook.hours[23].by_then == pytest.approx(0.5)
