"""What a place's calibration did to the model's answer, in one sentence."""

import pytest
from django.template.loader import render_to_string

from tests.factories import NOON, make_place, make_prediction, make_readings
from tests.pages.markup import words
from weatherapp.domain.formatting import NBSP
from weatherapp.forecasting.blending.explain import CalibrationEffect
from weatherapp.models import PlaceCalibration

CAME = "What came after earlier answers here"


@pytest.mark.parametrize(
    ("effect", "told"),
    [
        pytest.param(
            CalibrationEffect(0.41, 0.46, 1240),
            f"{CAME} (1,240 by now) moved the model's 24-hour figure from 41 % to 46 %.",
            id="moved",
        ),
        pytest.param(
            CalibrationEffect(0.411, 0.414, 1240),
            f"{CAME} (1,240 by now) agrees with the model's 24-hour figure.",
            id="moved by less than anybody sees",
        ),
        pytest.param(
            CalibrationEffect(0.41, 0.46, 0),
            f"{CAME} moved the model's 24-hour figure from 41 % to 46 %.",
            id="begun anew since",
        ),
        pytest.param(
            CalibrationEffect(0.012, 0.004, 1),
            f"{CAME} (1 by now) moved the model's 24-hour figure from 1 % to &lt;1 %.",
            id="nearly none",
        ),
    ],
)
def test_told_in_a_sentence(effect, told):
    assert render_to_string("parts/calibration.html", {"effect": effect}).replace(NBSP, " ") == told


def make_row(place, **fields):
    PlaceCalibration.objects.create(place=place, learned_until_at=NOON, updated_at=NOON, **fields)


def read_page(client, *, after=0.4, answers=12):
    """The text of a place whose model said 40 %, and what its calibration made of that."""
    place = make_place(fetched_at=NOON)
    make_readings(place)
    calibrated = {
        "calibrated_hourly_probability": [0.05] * 24,
        "calibrated_any_6h": 0.2,
        "calibrated_any_24h": after,
    }
    make_prediction(place, **(calibrated if after is not None else {}))
    make_row(make_place(name="Riga"), model_version="test", answers=77)
    make_row(place, model_version="another", answers=78)
    if answers:
        make_row(place, model_version="test", answers=answers)
    return words(client.get(place.get_absolute_url())).replace("\u2019", "'")


@pytest.mark.django_db
def test_the_place_page_says_how_far_the_figure_moved(client):
    text = read_page(client, after=0.5237)

    assert f"{CAME} (12 by now) moved the model's 24-hour figure from 40 % to 52 %." in text


@pytest.mark.django_db
def test_it_says_so_where_the_place_has_begun_anew_since(client):
    text = read_page(client, after=0.5237, answers=0)

    assert f"{CAME} moved the model's 24-hour figure from 40 % to 52 %." in text


@pytest.mark.django_db
def test_the_place_page_says_where_nothing_moved(client):
    assert f"{CAME} (12 by now) agrees with the model's 24-hour figure." in read_page(client)


@pytest.mark.django_db
def test_nothing_is_said_of_an_answer_that_was_not_calibrated(client):
    text = read_page(client, after=None)

    assert "Any rain until" in text
    assert CAME not in text
