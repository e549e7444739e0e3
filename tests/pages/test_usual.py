"""What a prediction's day was compared with, in one sentence."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from predictor import contract
from tests.factories import NOON, make_answer, make_place, make_prediction, make_readings
from tests.forecasting.asked import record_answer
from tests.pages.markup import read, words
from weatherapp.domain.formatting import NBSP
from weatherapp.forecasting.asking import tickets
from weatherapp.forecasting.blending.explain import Usual, read_usual
from weatherapp.models.sent_window import parse_sent_window

SHORT = (
    "The record of this place is still short (1 day): the model goes by the day's weather alone."
)
CLIMATE = dict.fromkeys(contract.CLIMATE_NAMES) | {
    "usual_temperature_c": 14.23,
    "wet_1h_share": 0.118,
    "known_days": 89.9,
}


@pytest.mark.parametrize(
    ("usual", "told"),
    [
        pytest.param(
            Usual(90.0, 0.118, 14.23),
            "Compared with the last 90 days here: rain in 12 % of the hours, 14.2 °C on average.",
            id="a season",
        ),
        pytest.param(
            Usual(5.8, 0.0, -3.04),
            "Compared with the last 6 days here: rain in 0 % of the hours, \u22123.0 °C on average.",
            id="a dry, cold week",
        ),
        pytest.param(
            Usual(30.0, 0.5, None),
            "Compared with the last 30 days here: rain in 50 % of the hours.",
            id="no thermometer",
        ),
        pytest.param(Usual(1.2, None, None), SHORT, id="a day"),
        pytest.param(Usual(0.0, None, 9.0), SHORT.replace("1 day)", "0 days)"), id="no gauge"),
    ],
)
def test_told_in_a_sentence(usual, told):
    assert render_to_string("parts/usual.html", {"usual": usual}).replace(NBSP, " ") == told


@pytest.mark.parametrize(
    "window", [{}, {"climate": None}, {"climate": dict.fromkeys(contract.CLIMATE_NAMES)}]
)
def test_a_window_without_a_climate_says_nothing(window):
    assert read_usual(parse_sent_window(window, "a request")) is None


def make_place_with_window(**window):
    place = make_place(fetched_at=NOON)
    make_readings(place)
    prediction = make_prediction(place)
    prediction.request.window = window
    prediction.request.save()
    return place


@pytest.mark.django_db
def test_the_place_page_says_what_the_day_was_compared_with(client):
    page = client.get(make_place_with_window(climate=CLIMATE).get_absolute_url())

    assert "Compared with the last 90 days here: rain in 12 % of the hours, 14.2 °C on" in words(
        page
    )
    assert read(page.content.decode()).all("p", **{"class": "blend"})


@pytest.mark.django_db
def test_a_prediction_from_before_says_nothing_of_it(client):
    text = words(client.get(make_place_with_window(hours=[]).get_absolute_url()))

    assert "Any rain until" in text
    assert "Compared with" not in text
    assert "still short" not in text


@pytest.mark.django_db
def test_the_requests_page_says_it_too(client, redis, django_capture_on_commit_callbacks):
    place = make_place()
    make_readings(place)
    with django_capture_on_commit_callbacks(execute=True):
        ticket = tickets.ask(place, now=NOON)
    record_answer(ticket.request_id, make_answer(), now=NOON + timedelta(seconds=1))

    page = client.get(ticket.get_absolute_url())

    assert SHORT in words(page).replace("\u2019", "'")
