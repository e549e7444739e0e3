"""How good are we: what was counted, in words, and nothing that was not."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.factories import make_place, make_rule, make_scene, storm_gusts
from tests.pages.markup import read, words
from tests.pages.skills import make_rule_skill, make_skill_counts
from weatherapp.domain.conditions import Basis

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def at(place):
    return f"/accuracy/{place.pk}/"


def test_the_place_says_first_in_words_how_often_alerts_came_true(client):
    place = make_place()
    make_rule_skill(make_rule(place), place)
    make_skill_counts(place)

    page = words(client.get(at(place)))

    assert "Of 40 alerts of “Rain soon”, 31 saw rain: 78 %" in page
    assert (
        "Of 36 spells of rain, 20 had an alert before they began, 11 only once it rained, and 5"
        in page
    )
    assert "The errors of our probabilities of rain were 50 % smaller than" in page
    assert "2,000 observed hours, 200 of them with rain, from" in page


def test_what_is_worse_than_climatology_is_said_to_be(client):
    place = make_place()
    make_skill_counts(place, site=0.11)

    page = words(client.get(at(place)))

    assert "were 10 % larger than" in page
    assert "-0.10" in page


def test_the_lead_is_the_median_and_the_misses_are_counted(client):
    place = make_place()
    make_rule_skill(make_rule(place), place)

    page = words(client.get(at(place)))

    assert (
        "Rain soon 31 of 40, 78 % 9 false alarms 20 of 36, 56 % 11 too late, 5 missed 4 h" in page
    )


def test_three_cases_are_no_share_but_a_state_with_the_numbers(client):
    place = make_place()
    rule = make_rule(place)
    make_rule_skill(rule, place, hits=2, false_alarms=1, events=2, caught=1, late=0)
    make_skill_counts(place, hours=120, wet_hours=3)

    response = client.get(at(place))
    page = words(response)

    assert "Not enough cases yet." in page
    assert "at least 300 observed hours, 10 of them with rain; so far there are 120, 3 with" in page
    assert "not enough alerts yet: 3 of 30" in page
    assert "not enough events yet: 2 of 30" in page
    assert "67" not in page
    assert not read(response.content.decode()).all("circle")


def test_a_dry_summer_says_nothing_about_rain(client):
    place = make_place()
    make_skill_counts(place, hours=2000, wet_hours=2)

    assert "Not enough cases yet." in words(client.get(at(place)))


def test_without_anything_counted_the_pages_say_so(client):
    place = make_place()
    make_rule(place, says=storm_gusts(), name="Gale")
    make_rule(place, says=storm_gusts(basis=Basis.MEASURED), name="It blows")

    page = words(client.get(at(place)))

    assert "so far there are 0, 0 with rain." in page
    assert "No alert has been judged yet" in page
    assert "neither an alert nor what it would speak of: Gale." in page
    assert "so there is nothing to verify: It blows." in page
    assert "Not enough cases yet." in words(client.get("/accuracy/"))


def test_parts_are_compared_on_the_hours_that_the_source_spoke_of(client):
    place = make_place()
    make_skill_counts(place, source="open_meteo", model=0.08)
    make_skill_counts(place, hours=50, wet_hours=5, model=0.9)

    page = words(client.get(at(place)))

    assert "Hours ahead Model Open-Meteo Together Climatology" in page
    assert "1\u20132 0.20 0.080 0.50 0.050 0.50 0.050 0 0.100" in page


def test_where_the_source_said_nothing_it_is_not_compared(client):
    place = make_place()
    make_skill_counts(place)

    page = words(client.get(at(place)))

    assert "Hours ahead Model Together Climatology" in page
    assert "known for too few of these hours to be compared" in page


def test_the_diagram_is_a_drawing_with_a_table_that_has_its_numbers(client):
    place = make_place()
    make_skill_counts(place)

    response = client.get(at(place))
    page = read(response.content.decode())

    assert page.mistakes == []
    # Four rows of bands: bins of 28,000 to 200 cases are drawn, empty ones are not.
    assert len(page.all("circle")) == 7
    assert "10 % to 20 % 15 % 15 % 6,000" in words(response)
    assert "90 % to 100 % too few 0" in words(response)


def test_numbers_of_drawings_are_numbers_in_every_language(client):
    place = make_place()
    make_skill_counts(place)

    page = read(client.get(at(place), HTTP_ACCEPT_LANGUAGE="fr").content.decode())

    drawn = [*page.all("circle"), *page.all("rect"), *page.all("line")]
    numbers = [value for one in drawn for name, value in one.attributes.items() if name != "class"]
    assert numbers
    assert all(float(number) >= 0 for number in numbers)


def test_a_replay_says_what_was_scored(client):
    make_scene()
    place = make_place(source="replay", station="JFK")
    make_skill_counts(place)

    assert "with a model that had never seen these stations" in words(client.get(at(place)))


def test_addresses_with_words_and_without_lead_to_the_place(client):
    place = make_place()

    assert client.get(f"/accuracy/{place.pk}-dublin/").status_code == 200
    assert client.get(f"/accuracy/{place.pk}-any-other-words/").status_code == 200


@pytest.mark.parametrize("path", ["/accuracy/999/", "/accuracy/99999999999999999999/"])
def test_a_place_that_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_only_reading_is_allowed(client):
    assert client.post("/accuracy/").status_code == 405


def test_a_page_is_the_same_until_something_more_is_counted(client):
    place = make_place()
    make_skill_counts(place)
    first = client.get(at(place)).headers["ETag"]

    assert client.get(at(place), HTTP_IF_NONE_MATCH=first).status_code == 304
    make_rule_skill(make_rule(place), place)
    cache.clear()
    assert client.get(at(place)).headers["ETag"] != first


def test_readers_get_no_cookie(client):
    client.get("/accuracy/")
    client.get(at(make_place()))

    assert client.cookies == {}
