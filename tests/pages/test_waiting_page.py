"""The waiting page while it asks again: focus, title, and words that visitors understand."""

from datetime import timedelta

import pytest

from tests.factories import NOON, make_place, make_readings
from tests.pages import scenes
from tests.pages.asking import answer, wait
from tests.pages.markup import read, words
from weatherapp.models import PredictionRequest, RequestState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]


@pytest.fixture
def place():
    place = make_place()
    make_readings(place)
    return place


def test_a_broken_predictor_is_told_without_its_technical_words(client, place):
    ticket = wait(client, place)
    PredictionRequest.objects.update(
        state=RequestState.REFUSED, error="ArtefactError", error_message="saved_model.pb is altered"
    )

    page = words(client.get(ticket.get_absolute_url()))

    assert "The predictor does not work as it should just now" in page
    assert "saved_model" not in page


def test_the_button_is_there_only_where_something_newer_is(client, place):
    asked = f'action="/places/{place.pk}/predict"'
    before = client.get(place.get_absolute_url()).content.decode()
    scenes.make_prediction(place)
    answered = client.get(place.get_absolute_url()).content.decode()
    make_readings(place, until=NOON + timedelta(hours=1), hours=1)
    clock_later = client.get(place.get_absolute_url()).content.decode()

    assert asked in before
    assert asked not in answered
    assert asked not in clock_later  # that hour is still to come


def test_cancel_is_not_swapped_while_waiting_and_its_focus_passes_on(client, place):
    ticket = wait(client, place)
    page = read(client.get(ticket.get_absolute_url()).content.decode())
    poll = {"HX-Request": "true"}
    waiting = client.get(ticket.get_absolute_url(), headers=poll).content.decode()
    answer(ticket)
    over = read(client.get(ticket.get_absolute_url(), headers=poll).content.decode())

    assert page.one("button", id="request-button").text == "Cancel"
    assert "request-button" not in waiting
    assert over.one("div", id="request-actions").attributes["hx-swap-oob"] == "true"
    assert over.one("a", id="request-button").attributes["href"] == place.get_absolute_url()
    assert over.mistakes == []


def test_the_title_changes_with_the_state(client, place):
    ticket = wait(client, place)
    poll = {"HX-Request": "true"}
    waiting = client.get(ticket.get_absolute_url(), headers=poll)
    answer(ticket, probability_any_6h=0.72)
    over = client.get(ticket.get_absolute_url(), headers=poll)

    titles = [read(part.content.decode()).all("title")[0].text for part in (waiting, over)]
    assert titles[0].startswith("In the queue: forecast update for Dublin")
    assert titles[1].startswith("Rain is likely within the next 6 hours")
