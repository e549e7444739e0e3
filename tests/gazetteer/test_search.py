"""Cities are found by what people type, and by where they are."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest

from weatherapp.domain.countries import COUNTRIES
from weatherapp.gazetteer.search import find_nearest_city, search_cities


def names(text, **options):
    return [city.name for city in search_cities(text, **options)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("paris", "Paris"),
        ("  PARIS ", "Paris"),
        ("saint etienne", "Saint-Étienne"),
        ("Saint-Étienne", "Saint-Étienne"),
        ("munchen", "Munich"),
        ("København", "Copenhagen"),
        ("kobenhavn", "Copenhagen"),
        ("lodz", "Łódź"),
        ("東京", "Tokyo"),
        ("new yo", "New York City"),
    ],
)
def test_a_city_is_found_by_the_beginning_of_any_of_its_names(typed, meant):
    assert names(typed)[0] == meant


def test_the_largest_of_those_with_the_same_name_comes_first():
    paris, *others = search_cities("Paris")

    assert paris.country == "FR"
    assert paris.time_zone == "Europe/Paris"
    assert all(city.population < paris.population for city in others)


def test_an_exact_name_comes_before_a_larger_city_that_only_begins_so():
    assert names("San Diego")[0] == "San Diego"
    assert names("York")[0] == "York"


def test_a_towns_own_name_comes_before_what_others_once_called_theirs():
    """Warner Robins, larger than York in Pennsylvania, has "York" among its other names."""
    found = [(city.name, city.country) for city in search_cities("york", limit=6)]

    assert found[:3] == [("York", "GB"), ("York", "US"), ("New York City", "US")]
    assert ("Warner Robins", "US") not in found
    assert "Warner Robins" in names("york", limit=10)  # yet it is not lost


@pytest.mark.parametrize(("typed", "meant"), [("roma", "Rome"), ("peking", "Beijing")])
def test_a_well_known_city_is_found_by_its_other_name_before_those_that_only_begin_so(typed, meant):
    assert meant in names(typed, limit=2)


@pytest.mark.parametrize("text", ["Portland, Maine", "portland,maine", "Portland, MAINE "])
def test_a_state_after_a_comma_narrows(text):
    (city,) = search_cities(text)

    assert (city.name, city.region, city.country) == ("Portland", "Maine", "US")


def test_a_country_after_a_comma_narrows():
    assert {city.country for city in search_cities("Paris, us")} == {"US"}


@pytest.mark.parametrize("text", ["", "   ", ",", "-", "s", "zzzzzz", "Paris, Atlantis", "%", "\0"])
def test_what_names_no_city_finds_none(text):
    assert search_cities(text) == []


def test_no_more_come_than_were_asked_for():
    assert len(search_cities("san", limit=3)) == 3


def test_a_very_long_name_is_cut():
    assert search_cities("paris" * 10_000) == []


def test_every_city_has_a_zone_and_a_country_that_a_place_may_have():
    found = [
        city for letter in "abcdefghijklmnopqrstuvwxyz" for city in search_cities(letter + "a")
    ]

    assert len(found) == 260
    assert {city.time_zone for city in found} <= available_timezones()
    assert {city.country for city in found} <= COUNTRIES


def test_the_nearest_city_is_found():
    assert find_nearest_city(51.5, -0.1).name == "London"


@pytest.mark.parametrize("longitude", [179.99, -179.99])
def test_the_nearest_city_may_be_across_the_date_line(longitude):
    assert find_nearest_city(-16.43, longitude, within_km=200).name == "Labasa"


@pytest.mark.parametrize(("latitude", "longitude"), [(0.0, -30.0), (90.0, 0.0), (-90.0, 10.0)])
def test_far_from_people_there_is_none(latitude, longitude):
    assert find_nearest_city(latitude, longitude) is None
