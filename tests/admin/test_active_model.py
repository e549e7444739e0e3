"""The model that answers is chosen in the admin and named in each request."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction

from predictor.shipped import list_shipped_models
from tests.factories import NOON, make_place, make_readings
from tests.forecasting.asked import ask_predictor
from weatherapp.forecasting.asking import dispatch
from weatherapp.models import ActiveModel

pytestmark = pytest.mark.django_db

ADD = "/admin/weatherapp/activemodel/add/"
CHANGE = "/admin/weatherapp/activemodel/1/change/"
LIST = "/admin/weatherapp/activemodel/"


def send_request():
    """What the predictor is sent."""
    place = make_place()
    make_readings(place)
    with (
        patch.object(dispatch, "count_messages", return_value=0),
        patch.object(dispatch.current_app, "send_task") as send_task,
    ):
        ask_predictor(place, now=NOON)
    return send_task.call_args.kwargs["kwargs"]


def test_without_a_choice_the_predictor_decides():
    assert send_request()["model"] is None


def test_the_next_request_names_the_chosen_model(operator):
    answer = operator.post(ADD, {"name": "rain_mini"})

    assert answer.status_code == 302
    assert send_request()["model"] == "rain_mini"


def test_the_form_offers_the_shipped_models(operator):
    page = operator.get(ADD).content.decode()

    assert list_shipped_models()
    for name in list_shipped_models():
        assert f'<option value="{name}">' in page


def test_a_model_that_is_not_shipped_is_refused(operator):
    answer = operator.post(ADD, {"name": "snow"})

    assert "This release has no model snow" in answer.content.decode()
    assert not ActiveModel.objects.exists()


def test_a_choice_that_is_no_longer_shipped_stays_visible(operator):
    ActiveModel.objects.create(name="rain_of_last_year")

    page = operator.get(CHANGE).content.decode()

    assert '<option value="rain_of_last_year" selected>' in page


def test_there_is_one_choice_at_most(operator):
    ActiveModel.objects.create(name="rain_mini")

    assert operator.get(ADD).status_code == 403
    assert operator.get(LIST).status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        ActiveModel.objects.create(pk=2, name="rain_mini")


def test_who_may_not_choose_sees_nothing(guest, stranger):
    assert guest.get(ADD).status_code == 403
    assert stranger.get(ADD).status_code == 302
