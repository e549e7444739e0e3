"""A place as text for mesh radio, SMS and terminals."""

from __future__ import annotations

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import (
    NOON,
    make_alert,
    make_forecast,
    make_place,
    make_readings,
    make_rule,
    storm_gusts,
)
from tests.pages.scenes import (
    HOUR,
    make_failing_place,
    make_live_place,
    make_raised_rule,
    make_refused_place,
    make_replay_place,
    make_silent_place,
)
from weatherapp.domain.short_text import to_ascii
from weatherapp.models import Alert, AlertState, Place, Rule, SourceForecast

pytestmark = pytest.mark.django_db


def tidy(text: str) -> str:
    """No-break spaces cost two bytes."""
    return " ".join(text.split())


def say_no_hours(language: str) -> str:
    with translation.override(language):
        return gettext("Next 6 h: no data")


def read(client, place: Place, **parameters: str) -> str:
    answer = client.get(f"/text/places/{place.pk}", parameters)
    client.cookies.clear()  # a language that is asked for is remembered

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert len(answer.content) <= 200
    return answer.content.decode()


def test_a_place_is_told_in_a_few_lines(client):
    place = make_live_place()
    make_raised_rule(place)

    assert read(client, place).splitlines() == [
        "Dublin 12:00 UTC",
        "No official source here",
        "Minor: Rain soon until 15:00",
        "Not an official warning",
        "Next 6 h: Light rain, rain 72 % likely",
        "24 h: 10 °C",
        "Readings of 12:00",
        f"http://testserver/places/{place.pk}/",
    ]


def test_a_name_with_words_in_the_address_leads_to_the_same(client):
    place = make_live_place()

    assert client.get(f"/text/places/{place.pk}-dublin").content.decode() == read(client, place)


def test_of_several_alerts_the_worst_is_told_and_how_many_more_there_are(client):
    place = make_live_place()
    make_raised_rule(place)
    make_raised_rule(place, name="Storm gusts", says=storm_gusts())

    text = read(client, place)

    assert "Moderate: Storm gusts until 15:00\nand 1 more alert\n" in text


def test_an_alert_of_another_day_names_the_day(client):
    place = make_live_place()
    later = NOON + 20 * HOUR
    make_alert(
        make_rule(place),
        onset_at=NOON + 2 * HOUR,
        ends_at=later,
        confirmed_at=NOON,
        confirmed_until_at=later,
    )

    assert "Minor: Rain soon from 14:00 to Fri 08:00\n" in read(client, place)


def test_an_alert_that_no_data_confirms_says_so(client):
    place = make_live_place()
    alert = make_raised_rule(place)
    Alert.objects.filter(pk=alert.pk).update(state=AlertState.NO_DATA)

    assert "No data to confirm: Minor, Rain soon\n" in read(client, place)


def test_no_alert_is_told_only_where_all_rules_could_look(client):
    calm = make_live_place()
    no_rule = read(client, calm)
    make_rule(calm, name="Gusts", says=storm_gusts())  # the forecast has no gusts
    unknown = read(client, calm)
    make_rule(calm)  # of the probability, which is known
    partly = read(client, calm)
    SourceForecast.objects.all().delete()
    make_forecast(calm, wind_gust_ms=[4.0] * 48)
    known = read(client, calm)

    assert no_rule.splitlines()[2] == "No alert rule here"
    assert unknown.splitlines()[2] == "No data: alerts unknown"
    assert partly.splitlines()[2] == "No alerts; 1 rule has no data"
    assert known.splitlines()[2] == "No alerts"


@pytest.mark.parametrize(
    "make_scene_place", [make_silent_place, make_refused_place, make_failing_place]
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_missing_hours_are_told(client, make_scene_place, language):
    text = read(client, make_scene_place(), lang=language)

    assert tidy(say_no_hours(language)) in text.splitlines()


def test_what_is_missing_of_the_next_hours_is_named(client):
    place = make_live_place()
    SourceForecast.objects.all().delete()
    only_rain = read(client, place)
    other = make_live_place(name="Cork")
    other.predictions.all().delete()
    only_weather = read(client, other)

    assert "rain 72 % likely; no other forecast data\n" in only_rain
    assert "Next 6 h: Light rain; no data on rain probability\n" in only_weather


def test_old_readings_are_no_data(client):
    place = make_place()
    none = read(client, place)
    make_readings(place, until=NOON - 7 * HOUR)
    old = read(client, place)

    assert "No readings yet\n" in none
    assert "No data since 2026-01-01 05:00\n" in old


def test_a_replay_is_told_as_one(client):
    text = read(client, make_replay_place())

    assert text.splitlines()[:2] == ["Newark 18:20 UTC−4", "REPLAY of past weather"]
    assert "no other forecast data" not in text  # it never has any


def test_a_readers_units_and_language(client):
    place = make_live_place()

    assert "24 h: 49 °F\n" in read(client, place, units="us")
    assert "Pluie faible" in read(client, place, lang="fr")
    assert (
        "Pluie faible"
        in client.get(
            f"/text/places/{place.pk}", headers={"Accept-Language": "fr"}
        ).content.decode()
    )


def test_ascii_for_devices_that_have_nothing_else(client):
    place = make_live_place(name="Łódź, København")
    far = make_live_place(name="東京")

    text = read(client, place, ascii="1", lang="fr")

    assert text.isascii()
    assert text.startswith("Lodz, Kobenhavn 12:00 UTC\n")
    assert read(client, far, ascii="1").startswith(f"#{far.pk} 12:00 UTC\n")


LETTERS = st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs", "Cc"])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.text(LETTERS, min_size=1, max_size=80).map(str.strip).filter(bool),
    st.text(LETTERS, min_size=1, max_size=80).map(str.strip).filter(bool),
    st.booleans(),
    st.sampled_from([{}, {"lang": "fr"}, {"ascii": "1"}, {"lang": "fr", "ascii": "1"}]),
)
def test_it_fits_whatever_the_names_and_says_what_is_missing(
    client, place_name, rule_name, has_data, parameters
):
    Place.objects.all().delete()
    Rule.objects.all().delete()
    place = make_live_place(name=place_name) if has_data else make_silent_place(name=place_name)
    make_raised_rule(place, name=f"{rule_name:.77}...")

    text = read(client, place, **parameters)

    header, until = ("12:00 UTC", "15:00") if has_data else ("14:00 UTC+2", "17:00")
    assert header in text
    assert until in text
    missing = say_no_hours(parameters.get("lang", "en"))
    assert has_data or (to_ascii(missing) if "ascii" in parameters else tidy(missing)) in text
    assert text.endswith("\n")


def test_a_place_that_is_not_there_is_told_in_a_line(client):
    answer = client.get("/text/places/999")

    assert (answer.status_code, answer.content) == (404, b"There is no such place.\n")
    assert client.get("/text/places/99999999999999999999").status_code == 404
    assert client.post("/text/places/999").status_code == 405


def test_it_is_not_made_again_while_nothing_changes(client, django_assert_max_num_queries):
    place = make_live_place()
    path = f"/text/places/{place.pk}"
    first = client.get(path)

    with django_assert_max_num_queries(1):
        again = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert client.get(f"{path}?ascii=1")["ETag"] == first["ETag"]
    assert "Accept-Language" in first["Vary"]


def test_the_index_lists_places_by_number(client):
    places = [make_place(name=f"Place {number}\nmore") for number in range(3)]
    make_place(name="Off", is_active=False)

    lines = client.get("/text/").content.decode().splitlines()
    rest = client.get(f"/text/?after={places[0].pk}").content.decode()

    assert lines[0].endswith("http://testserver/text/places/NUMBER")
    assert [line for line in lines if "Place" in line] == [
        f"{place.pk} {place.name.replace(chr(10), ' ')}" for place in places
    ]
    assert "Off" not in "".join(lines)
    assert "Place 0" not in rest


def test_a_long_index_has_pages(client):
    Place.objects.bulk_create(
        Place(name=f"Place {number}", latitude=0, longitude=0) for number in range(201)
    )
    last = Place.objects.order_by("pk")[199].pk

    text = client.get("/text/").content.decode()

    assert f"/text/?after={last}" in text
    assert "after=" not in client.get(f"/text/?after={last}").content.decode()
