"""A place's page: the outlook in words, drawn and as a table, and the age of everything."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories import (
    NOON,
    make_alert,
    make_place,
    make_readings,
    make_rule,
    rain_soon,
    storm_gusts,
)
from tests.pages import scenes
from tests.pages.markup import read, words
from weatherapp.alerting.evaluation import evaluate_places
from weatherapp.models import AlertState

pytestmark = pytest.mark.django_db
TO = "\u2013"


def test_outlook_in_words_figures_and_drawing(client):
    place = scenes.make_live_place()
    page = client.get(f"/places/{place.pk}/")
    markup, text = read(page.content.decode()), words(page)

    assert markup.one("h1").text == "Dublin"
    assert "Rain is likely within the next 6 hours: 72 %" in text
    assert "Any rain until Fri 12:00: 88 %." in text
    bars = [bar.attributes["width"] for bar in markup.all("rect", **{"class": "bar"})]
    assert bars[:6] == ["10.0%", "20.0%", "30.0%", "50.0%", "60.0%", "40.0%"]


def test_the_hours_are_a_table_whose_bars_nobody_needs_to_see(client):
    place = scenes.make_live_place()

    page = client.get(f"/places/{place.pk}/")
    markup = read(page.content.decode())

    bars = markup.all("svg", **{"class": "rain-bar"})
    assert len(bars) == 24
    assert all(bar.attributes["aria-hidden"] == "true" for bar in bars)
    heads = [cell.text.replace("\u00a0", " ") for cell in markup.all("th", scope="col")]
    assert heads[:4] == ["Hour", "Temperature, °C (feels like)", "Rain", "Wind, m/s"]
    assert "12:00 10 (7) 10 % 0.4 mm 5" in words(page)
    assert "Friday 2 January 00:00 10 (7) 20 % 0.4 mm 5" in words(page)


def test_the_hours_are_in_the_readers_units(client):
    place = scenes.make_live_place()
    client.cookies["units"] = "us"

    text = words(client.get(f"/places/{place.pk}/"))

    assert "Temperature, °F (feels like) Rain Wind, mph" in text
    assert "12:00 49 (45) 10 % 0.02 in 11" in text


def test_a_nights_hours_are_marked(client):
    place = scenes.make_live_place()

    markup = read(client.get(f"/places/{place.pk}/").content.decode())

    assert len(markup.all("tr", **{"class": "night"})) == 17  # of a day in January


def test_sources_own_probability_stands_beside_the_models_where_it_is_asked_how(client):
    place = scenes.make_live_place()

    text = words(client.get(f"/places/{place.pk}/"))

    assert "Hour Rain in this hour Any rain up to then Weather source alone" in text
    assert f"Thu 12:00{TO}13:00 10 % 10 % 35 %" in text


def test_a_value_that_reaches_a_rules_threshold_is_marked_with_its_severity(client):
    place = scenes.make_live_place()
    place.source_forecasts.update(
        columns={"wind_speed_ms": [9.0] * 48, "wind_gust_ms": [12.0, 19.0, 30.0, *[30.0] * 45]}
    )
    make_rule(place, name="Storm gusts", says=storm_gusts(3))

    text = words(client.get(f"/places/{place.pk}/"))

    assert "13:00 20 % 9 (19 (Moderate: Storm gusts))" in text
    assert "14:00 30 % 9 (30 (Severe: Storm gusts))" in text
    assert "15:00 50 % 9 (30)" in text  # the rule looks at three hours
    assert "reaches the threshold of Storm gusts (Severe)" in text


def test_readings_of_the_day_with_their_gaps(client):
    place = scenes.make_live_place()
    place.readings.filter(observed_at=NOON - timedelta(hours=3)).delete()
    place.readings.filter(observed_at=NOON).update(precipitation_mm=1.24, dew_point_c=None)

    text = words(client.get(f"/places/{place.pk}/"))

    assert "1.2 mm of precipitation in the 24 hours up to Thu 12:00." in text
    assert f"Thu 12:00 {TO} 12.0 1.2 4.0 {TO} SW {TO} {TO} 1012.0" in text
    assert "Thu 09:00 no reading" in text


def test_temperature_of_zero_degrees_is_a_temperature(client):
    place = make_place()
    make_readings(place, temperature_c=0.0)

    text = words(client.get(f"/places/{place.pk}/"))

    assert f"Thu 12:00 {TO} 0.0 0.0 4.0" in text


def test_rules_are_told_in_words_with_their_state(client):
    place = scenes.make_live_place()
    make_rule(place, says=rain_soon(threshold=0.8))
    make_rule(place, name="Storm gusts", says=storm_gusts())
    held_back = make_rule(place, name="Held", says=replace(rain_soon(), pending_minutes=60))
    evaluate_places([place.pk], now=NOON)

    text = words(client.get(f"/places/{place.pk}/"))

    assert "Rain soon No alert 72 % Raises an alert when the probability of any rain" in text
    assert "is 80 % or more. Ends it when that falls below 50 %." in text
    assert "Storm gusts No data Raises an alert" in text
    assert "Held Held back 72 % It holds since Thu 1 Jan, 12:00" in text
    assert held_back.rule_states.get().state == "PENDING"


def test_a_rule_of_another_place_is_not_shown(client):
    place = scenes.make_live_place()
    make_rule(make_place(name="Elsewhere"), name="Not here")

    assert "Not here" not in words(client.get(f"/places/{place.pk}/"))


def test_what_is_now_is_told_with_its_time(client):
    place = scenes.make_live_place()
    place.readings.filter(observed_at=NOON).update(temperature_c=2.0, wind_gust_ms=9.0)

    text = words(client.get(f"/places/{place.pk}/"))

    assert "2.0 °C Feels like \u22121.8 °C 0.0 mm of precipitation in the last hour" in text
    assert (
        "Wind 4.0 m/s from SW Gusts up to 9.0 m/s Pressure 1012.0 hPa (0.0 hPa in 3 hours)" in text
    )
    assert "Measured: Thu 1 Jan, 12:00, less than a minute ago." in text


def test_what_was_not_measured_is_said(client):
    place = scenes.make_live_place()
    place.readings.filter(observed_at=NOON).update(temperature_c=None, precipitation_mm=None)

    text = words(client.get(f"/places/{place.pk}/"))

    assert "no data on temperature" in text
    assert "No data on rain in the last hour" in text


def test_the_place_says_whose_time_it_is_and_a_script_adds_the_readers(client):
    place = scenes.make_live_place(name="Kathmandu", time_zone="Asia/Kathmandu")

    page = client.get(f"/places/{place.pk}/")
    line = read(page.content.decode()).one("span", **{"class": "reader-time"})

    assert "All times are those of the place, where it is 17:45 (UTC+5:45)." in words(page)
    assert line.attributes["data-offset-s"] == "20700"
    assert "hidden" in line.attributes


def test_active_and_past_alerts(client):
    place = scenes.make_live_place()
    alert = scenes.make_raised_rule(place)
    scenes.end_alert(make_rule(place, name="Wet day"))

    page = client.get(f"/places/{place.pk}/")

    assert "Minor Now Rain soon since Thu 1 Jan, 09:00, until Thu 1 Jan, 15:00." in words(page)
    assert f'href="{alert.get_absolute_url()}"' in page.content.decode()
    assert "Past alerts Wet day Ended" in words(page)


def test_active_alerts_come_before_all_that_is_known(client):
    place = scenes.make_live_place()
    scenes.make_raised_rule(place)

    text = words(client.get(f"/places/{place.pk}/"))

    parts = ["Active alerts", "Now 12.0 °C", "Rain is likely within", "The next 24 hours"]
    assert sorted(parts, key=text.index) == parts


@pytest.mark.parametrize(
    ("alerts", "title"),
    [
        (0, "Dublin: Rain is likely within the next 6 hours: 72 % "),
        (1, "Dublin: 1 alert "),
        (2, "Dublin: 2 alerts "),
    ],
)
def test_the_title_tells_the_alerts_also_when_the_page_asks_again(client, alerts, title):
    place = scenes.make_live_place()
    for number in range(alerts):
        scenes.make_raised_rule(place, name=f"Rule {number}")

    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(f"/places/{place.pk}/", headers=headers)
        found = read(page.content.decode()).all("title")[0].text
        assert found.replace("\u00a0", " ").startswith(title)


def test_inactive_place_says_that_it_is_switched_off(client):
    place = make_place(is_active=False)

    assert "This place is switched off" in words(client.get(f"/places/{place.pk}/"))


def test_attribution_with_links_stands_by_the_place(client):
    place = scenes.make_live_place()
    html = client.get(f"/places/{place.pk}/").content.decode()

    assert '<a href="https://open-meteo.com/">Weather data by Open-Meteo.com</a>' in html
    assert "https://creativecommons.org/licenses/by/4.0/" in html


def test_markup_in_names_is_text(client):
    place = make_place(name="<b>Bold</b>")
    make_rule(place, name="<script>x</script>")
    html = client.get(f"/places/{place.pk}/").content.decode()

    assert "<b>Bold" not in html
    assert "<script>x" not in html


@pytest.mark.parametrize("pk", [999, 10**30])
def test_unknown_place_is_not_found(client, pk):
    assert client.get(f"/places/{pk}/").status_code == 404


def test_queries_are_bounded(client, settings, django_assert_max_num_queries):
    settings.PAGES_SHARED_SECONDS = 60
    place = scenes.make_live_place()
    for number in range(5):
        rule = make_rule(place, name=f"Rule {number}")
        make_alert(rule)
        make_alert(rule, state=AlertState.ENDED, ended_at=NOON)
    # What all pages share is known from the last one that was asked for.
    client.get(f"/places/{make_place(name='Elsewhere').pk}/")

    with django_assert_max_num_queries(5):
        page = client.get(f"/places/{place.pk}/")

    assert all(f"Rule {number}" in words(page) for number in range(5))


def test_hours_of_which_only_something_is_known_have_dashes(client):
    place = scenes.make_live_place()
    place.source_forecasts.update(
        columns={"temperature_c": [9.5, None], "wind_speed_ms": [None, 5.0]}
    )

    text = words(client.get(f"/places/{place.pk}/"))
    card = words(client.get(f"/places/{place.pk}/card"))

    assert f"12:00 10 10 % {TO} 13:00 {TO} 20 % 5 14:00 {TO} 30 % {TO}" in text
    assert f"12:00 10 °C 10 % 13:00 {TO} 20 %" in card
