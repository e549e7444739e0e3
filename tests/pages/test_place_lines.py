"""A place as the home page lists it."""

from datetime import timedelta

import pytest

from tests.factories import (
    NOON,
    make_alert,
    make_forecast,
    make_place,
    make_prediction,
    make_readings,
    make_request,
    make_rule,
)
from tests.pages import scenes
from tests.pages.markup import read, words
from weatherapp.models import Place
from weatherapp.pages.newest import read_places_now
from weatherapp.pages.place_list import list_places
from weatherapp.pages.replay import read_clocks

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def items_of(client, address="/"):
    return read(client.get(address).content.decode())


def test_a_line_says_now_and_the_next_day_in_eight_steps(client):
    place = scenes.make_live_place()
    make_prediction(make_place(name="Cork"))
    make_forecast(place, hour_at=NOON - HOUR, temperature_c=[1.0] * 48)

    text = words(client.get("/"))

    assert "Dublin Now: 12.0 °C Rain within 6 hours: 72 %" in text
    assert "12:00 10° 30 % 1.2 mm 15:00 10° 60 % 1.2 mm 18:00 10°" in text


def test_steps_are_a_list_that_says_what_it_is(client):
    scenes.make_live_place()
    markup = items_of(client)
    steps = next(ol for ol in markup.all("ol") if ol.attributes.get("class") == "steps")

    assert steps.attributes["aria-label"].startswith("The next 24 hours at Dublin, each 3 hours:")
    assert len([svg for svg in markup.all("svg") if svg.attributes.get("width") == "26"]) == 8
    assert all(
        svg.attributes["aria-label"] == "Light rain"
        for svg in markup.all("svg")
        if svg.attributes.get("width") == "26"
    )


def test_a_replay_has_the_models_probability_alone(client):
    scenes.make_replay_place()

    text = words(client.get("/"))

    assert "18:00 5 % 21:00 5 % 00:00 5 %" in text
    assert "No fresh forecast" not in text


def test_values_are_in_the_readers_units(client):
    place = scenes.make_live_place()
    place.source_forecasts.all().delete()
    make_forecast(place, temperature_c=[10.0] * 48, wind_gust_ms=[10.0] * 48,
                  precipitation_mm=[2.54] * 48)  # fmt: skip

    metric, us = words(client.get("/")), words(client.get("/?units=us-kmh"))

    assert "12:00 10° 30 % 7.6 mm 10 m/s" in metric
    assert "12:00 50° 30 % 0.30 in 36 km/h" in us


def test_the_only_place_has_room_for_more(client):
    scenes.make_live_place()
    alone = client.get("/")
    make_prediction(make_place(name="Cork"))
    beside = client.get("/")

    assert "Rain is likely within the next 6 hours: 72 %" in words(alone)
    assert "Measured less than a minute ago: 12.0 °C, 0.0 mm, wind 4.0 m/s" in words(alone)
    assert 'class="places places-one"' in alone.content.decode()
    assert "within the next 6 hours" not in words(beside)
    assert "places-one" not in beside.content.decode()


def test_zone_is_said_once_where_it_is_the_same_and_at_each_place_where_it_is_not(client):
    scenes.make_live_place()
    one = words(client.get("/"))
    scenes.make_live_place(name="Kathmandu", time_zone="Asia/Kathmandu")
    several = words(client.get("/"))

    assert one.count("Times are local: UTC.") == 1
    assert "Times are local" not in several
    assert "Local time 17:45 UTC+5:45" in several
    assert "Local time 12:00 UTC" in several


def test_an_old_reading_is_not_called_now(client):
    place = make_place()
    make_readings(place, until=NOON - 5 * HOUR, temperature_c=21.0)

    text = words(client.get("/"))

    assert "Now:" not in text
    assert "Measured 5 hours ago: 21.0 °C, 0.0 mm, wind 4.0 m/s" in text


def test_whatever_can_have_the_focus_keeps_it_when_the_list_is_drawn_anew(client):
    """htmx finds what had the focus by its id."""
    for number in range(25):
        make_place(name=f"Place {number:02}")
    place = scenes.make_live_place()
    for number in range(6):
        make_alert(make_rule(place, name=f"Rain {number}"))
    scenes.end_alert(make_rule(place, name="Over"))
    markup = read(client.get("/", headers={"HX-Request": "true"}).content.decode())

    assert len(markup.all("a")) > 20
    assert all(link.attributes.get("id") for link in markup.all("a"))


def test_severities_are_told_by_word_and_by_shape(client):
    place = scenes.make_live_place()
    for severity in ("Minor", "Moderate", "Severe", "Extreme"):
        make_alert(make_rule(place, name=severity), severity=severity)
    html = client.get("/").content.decode()
    shapes = {
        html.split(f'"severity severity-{name}">')[1].split("</svg>")[0]
        for name in ("minor", "moderate", "severe", "extreme")
    }

    assert len(shapes) == 4
    assert "Extreme 1 Severe 1 Moderate 1 Minor 1" in words(client.get("/"))


def test_chosen_places_come_first_and_the_worst_of_them_before_the_others():
    page = list_places([1, 2, 3, 4, 5], [5, 2], page=None, search="", first={3, 2, 99})

    assert list(page.object_list) == [2, 3, 5, 1, 4]


def test_a_search_finds_alerts_places_too_in_their_order():
    rows = [make_place(name=name) for name in ("Bray", "Cork", "Cobh")]
    bray, cork, cobh = (row.pk for row in rows)

    page = list_places([bray, cork, cobh], [cobh], page=None, search="co")

    assert list(page.object_list) == [cobh, cork]


def test_newest_rows_are_those_of_the_places_own_clock(django_assert_num_queries):
    place, bare = scenes.make_live_place(), make_place(name="Bare")
    replay = scenes.make_replay_place()
    make_readings(place, until=NOON + HOUR, hours=1)
    make_prediction(replay, window_end_at=scenes.STORM + 5 * HOUR)
    newest = make_request(place, created_at=NOON + timedelta(minutes=1), window_end_at=NOON + HOUR)
    clocks = read_clocks(NOON)

    with django_assert_num_queries(1):
        found = read_places_now([place.pk, bare.pk, replay.pk, 999], clocks)

    assert set(found) == {place.pk, bare.pk, replay.pk}
    assert found[place.pk].reading.observed_at == NOON
    assert found[place.pk].request == newest
    assert "window" in found[place.pk].request.get_deferred_fields()
    assert found[replay.pk].prediction.window_end_at == scenes.STORM_HOUR
    assert found[bare.pk].reading is found[bare.pk].run is found[bare.pk].prediction is None


def test_no_places_are_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert read_places_now([], read_clocks(NOON, scene_mark="")) == {}


def test_a_place_that_is_deleted_meanwhile_is_left_out(client):
    scenes.make_live_place(name="Stays")
    gone = scenes.make_live_place(name="Goes")
    client.get("/")
    Place.objects.filter(pk=gone.pk).delete()

    text = words(client.get("/"))

    assert "Stays" in text
    assert "Goes" not in text
