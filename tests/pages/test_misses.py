"""What a place's own misses did to the model's answer, in one sentence."""

import pytest
from django.template.loader import render_to_string

from predictor.contract import Recalibration
from tests.factories import NOON, make_place, make_prediction, make_readings
from tests.pages.markup import words
from weatherapp.domain.formatting import NBSP
from weatherapp.forecasting.blending.explain import Misses
from weatherapp.models import PlaceCalibration

CAME = "What came after earlier answers here"


@pytest.mark.parametrize(
    ("misses", "told"),
    [
        pytest.param(
            Misses(0.41, 0.46, 1240),
            f"{CAME} (1,240 by now) moved the model's 24-hour figure from 41 % to 46 %.",
            id="moved",
        ),
        pytest.param(
            Misses(0.411, 0.414, 1240),
            f"{CAME} (1,240 by now) agrees with the model's 24-hour figure.",
            id="moved by less than anybody sees",
        ),
        pytest.param(
            Misses(0.41, 0.46, 0),
            f"{CAME} moved the model's 24-hour figure from 41 % to 46 %.",
            id="begun anew since",
        ),
        pytest.param(
            Misses(0.012, 0.004, 1),
            f"{CAME} (1 by now) moved the model's 24-hour figure from 1 % to &lt;1 %.",
            id="nearly none",
        ),
    ],
)
def test_told_in_a_sentence(misses, told):
    assert render_to_string("parts/misses.html", {"misses": misses}).replace(NBSP, " ") == told


def make_row(place, **fields):
    PlaceCalibration.objects.create(place=place, learned_until_at=NOON, updated_at=NOON, **fields)


def read_page(client, *, intercept=0.0, version="test", answers=12):
    """The text of a place whose model said 40 % before a line of this intercept was applied."""
    place = make_place(fetched_at=NOON)
    make_readings(place)
    moved = {0.0: 0.4, 0.5: 0.5237}[intercept]  # 40 % and half a log-odds more
    prediction = make_prediction(place, probability_any_24h=moved)
    sent = Recalibration(version, ((0.0, 1.0),) * 25 + ((intercept, 1.0),))
    prediction.request.window = {"recalibration": sent.to_wire()}
    prediction.request.save()
    make_row(make_place(name="Riga"), model_version=version, answers=77)
    if answers:
        make_row(place, model_version=version, answers=answers)
    return words(client.get(place.get_absolute_url())).replace("\u2019", "'")


@pytest.mark.django_db
def test_the_place_page_says_how_far_the_figure_moved(client):
    text = read_page(client, intercept=0.5)

    assert f"{CAME} (12 by now) moved the model's 24-hour figure from 40 % to 52 %." in text


@pytest.mark.django_db
def test_it_says_so_where_the_place_has_begun_anew_since(client):
    text = read_page(client, intercept=0.5, answers=0)

    assert f"{CAME} moved the model's 24-hour figure from 40 % to 52 %." in text


@pytest.mark.django_db
def test_the_place_page_says_where_nothing_moved(client):
    assert f"{CAME} (12 by now) agrees with the model's 24-hour figure." in read_page(client)


@pytest.mark.django_db
def test_another_models_lines_did_nothing(client):
    text = read_page(client, intercept=0.5, version="another")

    assert "Any rain until" in text
    assert CAME not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "window",
    [
        pytest.param({}, id="none"),
        pytest.param({"recalibration": None}, id="none learned yet"),
        pytest.param(
            {"recalibration": {"model_version": "test", "lines": [[0.5, 1.0]] * 30}},
            id="of an older contract with other targets",
        ),
    ],
)
def test_nothing_is_said_of_an_answer_that_carried_none_of_ours(client, window):
    place = make_place(fetched_at=NOON)
    make_readings(place)
    prediction = make_prediction(place)
    prediction.request.window = window
    prediction.request.save()

    text = words(client.get(place.get_absolute_url()))

    assert "Any rain until" in text
    assert CAME not in text
