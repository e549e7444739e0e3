"""An alert's page explains itself."""

from datetime import timedelta

import pytest

from tests.factories import NOON, make_alert, make_prediction, make_rule
from tests.pages import scenes
from tests.pages.markup import read, words
from weatherapp.models import AlertState, ChangeReason

pytestmark = pytest.mark.django_db


def open_page(client, alert):
    page = client.get(f"/alerts/{alert.pk}/")
    assert page.status_code == 200
    return page


def test_active_alert_says_what_where_since_when_and_why(client):
    alert = scenes.make_raised_rule(scenes.make_live_place())
    page = open_page(client, alert)
    text = words(page)

    assert read(page.content.decode()).one("h1").text == "Rain soon, Dublin"
    assert "Active Rain soon" in text
    assert "Any rain within the next 6 hours: 70 %; confirmed less than a minute ago." in text
    assert "Raised Thu 1 Jan, 09:00 GMT 3 hours ago" in text
    assert "The rule raises at 60 % and ends an alert below 50 %." in text
    assert "This site is not a warning authority" in text


def test_value_against_threshold_is_drawn_with_words(client):
    alert = scenes.make_raised_rule(scenes.make_live_place())
    gauge = read(open_page(client, alert).content.decode()).one("svg", **{"class": "gauge"})

    assert gauge.attributes["aria-label"].replace("\u00a0", " ") == (
        "70 %; raises at 60 %, ends below 50 %"
    )


def test_model_and_run_are_named(client):
    place = scenes.make_live_place()
    prediction = make_prediction(place, window_end_at=NOON - timedelta(hours=3))
    alert = make_alert(make_rule(place), prediction=prediction, raised_at=NOON)

    text = words(open_page(client, alert))

    assert "Model rain_mini test" in text
    assert "Run readings up to Thu 1 Jan, 12:00 GMT" in text
    assert f"Request {prediction.request_id}" in text


def test_every_change_is_told_in_order(client):
    alert = scenes.make_raised_rule(scenes.make_live_place())
    scenes.add_change(alert, ChangeReason.ROSE, probability=0.82)
    scenes.add_change(alert, ChangeReason.DATA_LOST, state=AlertState.NO_DATA, probability=None)
    scenes.add_change(alert, ChangeReason.DATA_BACK, probability=0.79)

    text = words(open_page(client, alert))
    titles = ["Raised Thu 1 Jan, 09:00", "Rose Thu 1 Jan, 10:00", "No data Thu", "Data is back Thu"]

    assert [text.index(title) for title in titles] == sorted(text.index(title) for title in titles)
    assert "rose to 82.0 %" in text


def test_alert_without_data_says_that_nobody_knows(client):
    place = scenes.make_silent_place()
    alert = make_alert(
        place.rules.get(), state=AlertState.NO_DATA, confirmed_at=NOON - timedelta(hours=5)
    )

    text = words(open_page(client, alert))

    assert "No data to confirm it" in text
    assert "It was 70 % 5 hours ago; nobody knows whether it still holds." in text


def test_ended_alert_says_when_and_for_how_long(client):
    alert = scenes.end_alert(make_rule(scenes.make_live_place()))

    text = words(open_page(client, alert))

    assert "It is over. The probability was 83 % at its highest." in text
    assert "Ended Thu 1 Jan, 10:00 GMT after 7 hours" in text


def test_expired_alert_does_not_say_that_the_rain_is_over(client):
    alert = scenes.end_alert(make_rule(scenes.make_live_place()), state=AlertState.EXPIRED)

    text = words(open_page(client, alert))

    assert "That does not mean that the rain is over." in text
    assert "Expired Thu 1 Jan, 10:00 GMT" in text


def test_rule_that_was_edited_since_is_told_apart(client):
    place = scenes.make_live_place()
    alert = scenes.make_raised_rule(place)
    before = words(open_page(client, alert))
    place.rules.update(threshold=0.8)

    after = words(open_page(client, alert))

    assert "The rule was edited" not in before
    assert "The rule was edited after it raised this alert" in after
    assert "The rule raises at 60 %" in after


def test_alert_of_a_replay_is_in_scene_time(client):
    place = scenes.make_replay_place()
    alert = scenes.make_raised_rule(place, at=scenes.STORM)

    text = words(open_page(client, alert))

    assert "Replay of past weather" in text
    assert "Raised Fri 7 Jun, 15:20 EDT 3 hours ago" in text


def test_alert_without_history_still_opens(client):
    alert = scenes.make_raised_rule(scenes.make_live_place())
    alert.changes.all().delete()

    assert "Why it was raised" not in words(open_page(client, alert))


def test_unknown_alert_is_not_found(client):
    assert client.get("/alerts/1/").status_code == 404


def test_queries_are_bounded(client, django_assert_max_num_queries):
    alert = scenes.make_raised_rule(scenes.make_live_place())
    for _ in range(10):
        scenes.add_change(alert, ChangeReason.ROSE, probability=0.8)

    with django_assert_max_num_queries(6):
        page = open_page(client, alert)

    assert words(page).count("rose to 80.0") == 10
