"""The file of cities is made of what GeoNames gives."""

from __future__ import annotations

import pytest

from weatherapp.gazetteer import search
from weatherapp.gazetteer.build import build


def make_city(number, name, *, population=20_000, country="FR", region="11", others=()):
    return {
        "geonameid": number,
        "name": name,
        "countrycode": country,
        "admin1code": region,
        "latitude": 48.123456,
        "longitude": 2.5,
        "timezone": "Europe/Paris",
        "population": population,
        "alternatenames": list(others),
    }


@pytest.fixture
def built(tmp_path, monkeypatch):
    def build_and_open(*cities):
        path = tmp_path / "cities.sqlite3"
        build(cities, {"ME": "Maine"}, path)
        monkeypatch.setattr(search, "CITIES", path)

    return build_and_open


def test_other_scripts_are_kept_of_large_cities_alone(built):
    built(
        make_city(1, "Grand", population=100_000, others=["Гранд"]),
        make_city(2, "Petit", others=["Пети", "Klein"]),
    )

    assert [city.name for city in search.search_cities("гранд")] == ["Grand"]
    assert search.search_cities("пети") == []
    assert [city.name for city in search.search_cities("klein")] == ["Petit"]


def test_a_state_is_told_in_the_us_alone(built):
    built(
        make_city(1, "Portland", country="US", region="ME"), make_city(2, "Portville", region="ME")
    )

    regions = {city.name: city.region for city in search.search_cities("port")}

    assert regions == {"Portland": "Maine", "Portville": ""}


def test_it_is_built_anew_where_one_was(built):
    built(make_city(1, "Before"))
    built(make_city(1, "After"))

    assert search.search_cities("before") == []
    assert len(search.search_cities("after")) == 1
