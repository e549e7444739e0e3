"""From the button on a place's page to the answer, without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from kombu.exceptions import OperationalError

from tests.factories import NOON, make_place, make_readings
from tests.pages import scenes
from tests.pages.asking import answer, ask, wait
from tests.pages.markup import read, words
from weatherapp.forecasting.asking import dispatch
from weatherapp.forecasting.asking.queue_status import Broker
from weatherapp.models import PredictionRequest, RequestState, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]


@pytest.fixture
def place():
    place = make_place()
    make_readings(place)
    return place


def measure(place, *, each_s):
    """Answers that took so long each."""
    for number in range(1, 5):
        hour = NOON - timedelta(hours=number)
        prediction = scenes.make_prediction(
            place, window_end_at=hour, answered_at=hour + timedelta(seconds=each_s)
        )
        PredictionRequest.objects.filter(pk=prediction.request_id).update(
            sent_at=hour, created_at=hour
        )


def test_the_button_leads_to_the_requests_page(client, place):
    form = read(client.get(place.get_absolute_url()).content.decode()).one(
        "form", action=f"/places/{place.pk}/predict"
    )

    response = ask(client, place)

    assert form.attributes["method"] == "post"
    assert "Update forecast" in form.text
    assert response.status_code == 303
    assert response["Location"] == f"/predictions/{Ticket.objects.get().pk}/"


def test_the_page_tells_the_place_in_the_queue_and_the_time(client, place):
    measure(place, each_s=20)
    others = make_place(name="Cork")
    make_readings(others)
    wait(client, others)

    page = client.get(wait(client, place).get_absolute_url())

    assert "In the queue" in words(page)
    assert "Position 2 in the queue" in words(page)
    assert "The answer comes in about 40 seconds" in words(page)


def test_the_next_one_is_told_so(client, place):
    measure(place, each_s=0.01)

    page = words(client.get(wait(client, place).get_absolute_url()))

    assert "Position 1 next to be answered" in page
    assert "about a second" in page


def test_nothing_is_promised_before_anything_was_measured(client, place):
    page = words(client.get(wait(client, place).get_absolute_url()))

    assert "How long it takes is not known yet" in page
    assert "The answer comes in" not in page


@pytest.mark.parametrize(
    ("broker", "told"),
    [
        pytest.param(Broker(0), "No predictor is at work just now.", id="no predictor"),
        pytest.param(None, "The queue cannot be reached just now.", id="no Redis"),
    ],
)
def test_the_page_says_why_nothing_moves(client, place, redis, broker, told):
    measure(place, each_s=1)
    redis(broker)

    page = words(client.get(wait(client, place).get_absolute_url()))

    assert told in page
    assert "Position 1" in page
    assert "The answer comes in" not in page


def test_the_page_follows_by_itself_with_and_without_scripts(client, place):
    ticket = wait(client, place)

    markup = read(client.get(ticket.get_absolute_url()).content.decode())

    live = markup.one("div", id="live")
    assert live.attributes["hx-get"] == ticket.get_absolute_url()
    assert markup.one("meta", **{"http-equiv": "refresh"}).attributes["content"] == "5"


def test_the_answer_ends_the_waiting(client, place):
    ticket = wait(client, place)
    answer(ticket, probability_any_6h=0.72)

    page = client.get(ticket.get_absolute_url())
    markup = read(page.content.decode())

    assert "Rain is likely within the next 6 hours: 72" in words(page)
    assert "rain_mini" in words(page)
    assert len(markup.all("svg", **{"class": "rain-bar"})) == 24
    assert "hx-get" not in markup.one("div", id="live").attributes
    assert markup.all("meta", **{"http-equiv": "refresh"}) == []
    assert "Cancel" not in words(page)


def test_the_answer_is_announced_to_those_who_listen(client, place):
    ticket = wait(client, place)
    waiting = client.get(ticket.get_absolute_url(), headers={"HX-Request": "true"})
    answer(ticket, probability_any_6h=0.72)

    fragment = client.get(ticket.get_absolute_url(), headers={"HX-Request": "true"})

    assert b'id="announcements"' not in waiting.content
    assert "Rain is likely" in read(fragment.content.decode()).one("p", id="announcements").text
    assert b"<html" not in fragment.content


def test_an_hour_that_was_answered_before_is_shown_at_once(client, place):
    scenes.make_prediction(place, answered_at=NOON - timedelta(minutes=12))

    page = client.get(ask(client, place)["Location"])

    assert "This hour had been answered already, on Thu 1 Jan, 11:48" in words(page)


def test_the_first_answer_is_not_called_an_old_one(client, place):
    ticket = wait(client, place)
    answer(ticket)

    assert "already" not in words(client.get(ticket.get_absolute_url()))


def test_a_refusal_says_why(client):
    page = client.get(ask(client, make_place())["Location"])

    assert "The predictor could not answer" in words(page)
    assert "Too many readings of the last day are missing for a forecast." in words(page)


def test_what_nobody_answered_in_time_can_be_asked_again(client, place):
    ticket = wait(client, place)
    PredictionRequest.objects.update(state=RequestState.EXPIRED)

    page = client.get(ticket.get_absolute_url())
    again = ask(client, place)

    assert "Nobody answered in time" in words(page)
    assert read(page.content.decode()).one("button").text == "Ask again"
    assert again["Location"] != ticket.get_absolute_url()


def test_cancelling_leads_back_to_the_page(client, place):
    ticket = wait(client, place)
    markup = read(client.get(ticket.get_absolute_url()).content.decode())
    (address,) = [form.attributes["action"] for form in markup.all("form")]

    response = client.post(address, follow=True)

    assert response.redirect_chain == [(ticket.get_absolute_url(), 303)]
    assert "Cancelled" in words(response)
    assert PredictionRequest.objects.get().state == RequestState.CANCELLED


def test_cancelling_too_late_shows_the_answer(client, place):
    ticket = wait(client, place)
    answer(ticket)

    page = client.post(f"/predictions/{ticket.pk}/cancel", follow=True)

    assert "within the next 6 hours" in words(page)
    assert PredictionRequest.objects.get().state == RequestState.ANSWERED


def test_nothing_is_asked_or_cancelled_by_opening_a_link(client, place):
    ticket = wait(client, place)

    asked = Ticket.objects.count()
    assert client.get(f"/places/{place.pk}/predict").status_code == 303
    assert Ticket.objects.count() == asked
    assert client.get(f"/predictions/{ticket.pk}/cancel").status_code == 405


def test_another_sites_form_can_neither_ask_nor_cancel(client, place):
    ticket = wait(client, place)
    strict = Client(enforce_csrf_checks=True)

    assert ask(strict, place).status_code == 403
    assert strict.post(f"/predictions/{ticket.pk}/cancel").status_code == 403
    assert Ticket.objects.get().is_waiting


def test_a_place_that_is_switched_off_cannot_be_asked_about(client):
    place = make_place(is_active=False)

    assert b"/predict" not in client.get(place.get_absolute_url()).content
    assert ask(client, place).status_code == 404
    assert not Ticket.objects.exists()


def test_an_address_that_nobody_was_given_is_not_found(client):
    assert client.get("/predictions/6b6e8a3d-df84-4265-be15-71f2f625f0e9/").status_code == 404
    assert client.get("/predictions/1/").status_code == 404


def test_asking_works_while_the_broker_is_down(
    client, place, redis, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(dispatch.current_app, "send_task", fail)
    redis(None)
    with django_capture_on_commit_callbacks(execute=True):
        page = client.get(ask(client, place)["Location"])

    assert "is put on the queue as soon as that works" in words(page)


def test_too_many_requests_are_told_to_wait(client, place, settings, clock):
    settings.PREDICT_NOW_BURST = 2
    settings.PREDICT_NOW_EVERY = timedelta(seconds=30)
    allowed = [ask(client, place).status_code for _ in range(2)]

    refused = ask(client, place)
    clock(NOON + timedelta(seconds=30))

    assert allowed == [303, 303]
    assert refused.status_code == 429
    assert refused["Retry-After"] == "30"
    assert "You may ask again in 30 seconds." in words(refused)
    assert Ticket.objects.count() == 2
    assert ask(client, place).status_code == 303


def test_the_page_is_neither_stored_nor_indexed(client, place):
    page = client.get(wait(client, place).get_absolute_url())

    assert "no-store" in page["Cache-Control"]
    assert read(page.content.decode()).one("meta", name="robots").attributes["content"] == "noindex"


@pytest.mark.parametrize("state", RequestState.values)
def test_markup_is_sound_in_every_state(client, place, state):
    ticket = wait(client, place)
    if state == RequestState.ANSWERED:
        answer(ticket)
    PredictionRequest.objects.update(state=state)

    markup = read(client.get(ticket.get_absolute_url()).content.decode())

    assert markup.mistakes == []
    assert len(markup.all("h1")) == 1
    assert "forecast update for Dublin" in markup.all("title")[0].text


def test_a_replays_page_says_so(client):
    place = scenes.make_replay_place()

    page = words(client.get(ask(client, place)["Location"]))

    assert "Replay of past weather" in page
    assert "by the real clock" in page
