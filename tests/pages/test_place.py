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
    assert "Any rain until Thu 18:00 72 % 6 hours" in text
    assert "Any rain until Fri 12:00 88 % 24 hours" in text
    assert len(markup.all("rect", **{"class": "bar"})) >= 24


def test_chart_has_a_name_and_a_description_for_those_who_do_not_see_it(client):
    place = scenes.make_live_place()
    markup = read(client.get(f"/places/{place.pk}/").content.decode())
    chart = markup.one("svg", **{"aria-labelledby": "chart-name chart-words"})

    assert chart.attributes["role"] == "img"
    assert markup.one("title", id="chart-name").text == "Probability of rain, hour by hour, Dublin"
    assert "The likeliest hour is 16:00 to 17:00" in markup.one("desc", id="chart-words").text


def test_chart_has_a_table_behind_it(client):
    place = scenes.make_live_place()
    markup = read(client.get(f"/places/{place.pk}/").content.decode())
    rows = [cell.text for cell in markup.all("th", scope="row")]

    assert rows[0] == f"Thu 12:00{TO}13:00"
    assert rows[23] == f"Fri 11:00{TO}12:00"
    assert "Any rain up to then" in [cell.text for cell in markup.all("th", scope="col")]


def test_sources_own_forecast_stands_beside_the_models(client):
    place = scenes.make_live_place()

    text = words(client.get(f"/places/{place.pk}/"))

    assert "the source's own forecast for this hour" in text
    assert "Source's own" in text
    assert "Thu 13:00 Light rain 35 % 0.4 9.5 5.0 \u2013" in text


def test_readings_of_the_day_with_their_gaps(client):
    place = scenes.make_live_place()
    place.readings.filter(observed_at=NOON - timedelta(hours=3)).delete()
    place.readings.filter(observed_at=NOON).update(precipitation_mm=1.24, dew_point_c=None)

    text = words(client.get(f"/places/{place.pk}/"))

    assert "1.2 mm of precipitation in the 24 hours up to Thu 1 Jan, 12:00" in text
    assert "Thu 12:00 1.2 12.0 \u2013 4.0 \u2013 SW \u2013 \u2013 1012" in text
    assert "Thu 09:00 no reading" in text


def test_temperature_of_zero_degrees_is_a_temperature(client):
    place = make_place()
    make_readings(place, temperature_c=0.0)

    text = words(client.get(f"/places/{place.pk}/"))

    assert "Thu 12:00 0.0 0.0 9.0" in text


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
    assert held_back.standings.get().state == "PENDING"


def test_a_rule_of_another_place_is_not_shown(client):
    place = scenes.make_live_place()
    make_rule(make_place(name="Elsewhere"), name="Not here")

    assert "Not here" not in words(client.get(f"/places/{place.pk}/"))


def test_what_is_coming_is_told_by_quantity(client):
    place = scenes.make_live_place()

    text = words(client.get(f"/places/{place.pk}/"))

    assert "Temperature 9.5 °C to 9.5 °C" in text
    assert "Highest wind gust no data" in text
    assert "Precipitation 9.6 mm" in text
    assert "Thunder none forecast" in text
    assert "Pressure, last 3 hours 0.0 hPa" in text


def test_active_and_past_alerts(client):
    place = scenes.make_live_place()
    alert = scenes.make_raised_rule(place)
    scenes.end_alert(make_rule(place, name="Wet day"))

    page = client.get(f"/places/{place.pk}/")

    assert "Minor Now Rain soon since Thu 1 Jan, 09:00, until Thu 1 Jan, 15:00." in words(page)
    assert f'href="{alert.get_absolute_url()}"' in page.content.decode()
    assert "Past alerts Wet day Ended" in words(page)


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


def test_queries_are_bounded(client, django_assert_max_num_queries):
    place = scenes.make_live_place()
    for number in range(5):
        rule = make_rule(place, name=f"Rule {number}")
        make_alert(rule)
        make_alert(rule, state=AlertState.ENDED, ended_at=NOON)

    with django_assert_max_num_queries(22):
        page = client.get(f"/places/{place.pk}/")

    assert all(f"Rule {number}" in words(page) for number in range(5))
