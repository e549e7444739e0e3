"""A place's page says what is missing, and why."""

from datetime import timedelta

import pytest

from tests.factories import (
    NOON,
    make_place,
    make_readings,
    make_request,
)
from tests.pages import scenes
from tests.pages.markup import words
from weatherapp.models import RequestState

pytestmark = pytest.mark.django_db


def test_a_live_place_without_a_forecast_says_so_and_a_replay_explains_why(client):
    live, replayed = make_place(), scenes.make_replay_place()

    texts = [words(client.get(f"/places/{place.pk}/")) for place in (live, replayed)]

    assert "No data on wind, temperature and amounts to come" in texts[0]
    assert "A replay has no forecast of wind, temperature and amounts" in texts[1]


def test_failed_fetch_is_told_without_its_technical_words(client):
    place = scenes.make_failing_place()

    text = words(client.get(f"/places/{place.pk}/"))

    assert (
        "The weather source did not answer in time. It failed 4 times in a "
        "row, last on Thu 1 Jan, 11:48." in text
    )
    assert "Measured: Thu 1 Jan, 10:00, 2 hours ago." in text
    assert "did not answer within" not in text  # that is for who runs the site


def test_first_fetch_that_failed_says_that_there_is_nothing_to_show(client):
    error = "[Errno -2] Name or service not known"
    place = make_place(fetch_failed_at=NOON, fetch_error=error, fetch_failures=1)

    text = words(client.get(f"/places/{place.pk}/"))

    assert "It was last tried on Thu 1 Jan, 12:00." in text
    assert "No readings yet." in text
    assert "Errno" not in text


@pytest.mark.parametrize(
    ("request_fields", "expected"),
    [
        pytest.param(None, "No data: there is no prediction yet.", id="never asked"),
        pytest.param(
            {"created_at": NOON - timedelta(minutes=2)},
            "No data yet: the predictor was asked 2 minutes ago and has not answered.",
            id="waiting",
        ),
        pytest.param(
            {"state": RequestState.EXPIRED, "created_at": NOON - timedelta(hours=2)},
            "No data: the predictor has not answered yet; it was asked 2 hours ago.",
            id="expired",
        ),
        pytest.param(
            {"state": RequestState.REFUSED, "error": "ContractError"},
            "No data: the predictor refused, for too many readings are missing or implausible.",
            id="refused",
        ),
        pytest.param(
            {"state": RequestState.REFUSED, "error": "OSError", "error_message": "/models: gone"},
            "No data: the predictor could not answer.",
            id="refused for an error of its own",
        ),
    ],
)
def test_missing_prediction_says_why(client, request_fields, expected):
    place = make_place()
    make_readings(place)
    if request_fields is not None:
        make_request(place, **request_fields)

    page = client.get(f"/places/{place.pk}/")

    assert expected in words(page)
    assert "The next 24 hours" not in words(page)


def test_stale_prediction_is_not_drawn_any_more(client):
    place = scenes.make_silent_place()

    text = words(client.get(f"/places/{place.pk}/"))

    assert "No data: the predictor does not answer; it last answered 5 hours ago." in text
    assert "Rain soon No data" in text
    assert "The next 24 hours" not in text


def test_newer_question_without_answer_leaves_the_good_prediction_on_the_page(client):
    place = scenes.make_live_place()
    make_request(
        place,
        window_end_at=NOON + timedelta(hours=1),
        state=RequestState.REFUSED,
        error="ContractError",
        error_message="Too little is recent.",
        created_at=NOON + timedelta(minutes=1),
    )

    text = words(client.get(f"/places/{place.pk}/"))

    assert "The predictor refused the newest question: too many readings are missing" in text
    assert "Rain is likely within the next 6 hours" in text
