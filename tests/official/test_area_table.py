"""The table that is shipped: what real places get from it, and what that costs."""

from __future__ import annotations

import tracemalloc
from contextlib import closing
from sqlite3 import connect
from time import process_time

import pytest

from weatherapp.gazetteer.search import CITIES
from weatherapp.official.areas import table
from weatherapp.official.areas.schemes import Scheme, read_code


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        pytest.param((40.71, -74.0), {"UGC": "NYC061 NYZ072", "SAME": "036000 036061"}, id="New York"),
        pytest.param((61.2, -149.9), {"UGC": "AKC020", "SAME": "002020"}, id="Anchorage"),
        pytest.param((51.88, -176.65), {"UGC": "AKC016 AKZ787"}, id="Adak"),
        pytest.param((52.9, 172.9), {"UGC": "AKC016 AKZ791"}, id="Attu, beyond 180"),
        pytest.param((21.3, -157.85), {"UGC": "HIC003", "SAME": "015003"}, id="Honolulu"),
        pytest.param((13.45, 144.78), {"UGC": "GUC010", "SAME": "066010"}, id="Guam"),
        pytest.param((38.77, -77.22), {"UGC": "VAC059", "SAME": "051059"}, id="Fairfax, made whole"),
        pytest.param((53.35, -6.26), {"EMMA_ID": "IE012", "FIPS": "EI07"}, id="Dublin"),
        pytest.param((48.86, 2.35), {"NUTS3": "FR101", "EMMA_ID": "FR101"}, id="Paris"),
        pytest.param((44.43, 26.1), {"NUTS3": "RO321"}, id="Bucharest"),
        pytest.param((52.52, 13.4), {"EMMA_ID": "DE202"}, id="Berlin"),
        pytest.param((47.9, 12.45), {"WARNCELLID": "209913000"}, id="a lake, Chiemsee"),
        pytest.param((41.5, -67.5), {"UGC": "ANZ900"}, id="the open sea"),
    ],
)  # fmt: skip
def test_a_place_is_in_the_areas_that_the_authorities_say(position, expected):
    found = table.find_codes(*position)

    for scheme, codes in expected.items():
        assert set(codes.split()) <= set(found.get(Scheme(scheme), ())), found


@pytest.mark.parametrize("position", [(-33.87, 151.2), (90, 0), (-90, 180), (0, -180), (0, 180)])
def test_elsewhere_there_are_none(position):
    assert table.find_codes(*position) == {}


def test_german_places_have_no_code_of_nuts():
    """The source's are of other towns."""
    assert Scheme.NUTS3 not in table.find_codes(54.32, 10.13)


@pytest.mark.parametrize(("kind", "share"), [("C", 0.99), ("Z", 0.95)])
def test_nearly_every_city_of_the_us_has_a_county_and_a_zone(kind, share):
    cities = list_cities("US", every=25)

    codes = [table.find_codes(*city).get(Scheme.UGC, ()) for city in cities]

    found = sum(any(code[2] == kind for code in ugc) for ugc in codes)
    assert found > share * len(cities)


def test_a_look_up_costs_little_time_and_memory():
    cities = list_cities("US", every=50)
    tracemalloc.start()
    began = process_time()
    for city in cities:
        table.find_codes(*city)
    lasted = process_time() - began
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 1e6  # bytes
    assert lasted / len(cities) < 0.05  # s, under tracemalloc


def test_what_a_code_means_is_known():
    area = table.find_area(Scheme.UGC, "NYC061")

    assert (area.name, area.country) == ("New York (Manhattan)", "US")
    assert area.south < 40.78 < area.north
    assert area.west < -73.97 < area.east


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param("UGC", "NYC061", (Scheme.UGC, "NYC061"), id="as it is"),
        pytest.param("emma_id", " fr067\n", (Scheme.EMMA_ID, "FR067"), id="in other letters"),
        pytest.param("EMMA-ID", "FR067", (Scheme.EMMA_ID, "FR067"), id="with another mark"),
        pytest.param("FIPS6", "036061", (Scheme.SAME, "036061"), id="by its former name"),
        pytest.param("EXCLUDE_POLYGON", "50,0 51,0 51,1", None, id="no register"),
        pytest.param("ISO3166-2", "FR-75", None, id="a register that is not known"),
        pytest.param("UGC", " ", None, id="nothing"),
        pytest.param("", "", None, id="nothing at all"),
    ],
)
def test_codes_are_read_as_publishers_write_them(name, value, expected):
    assert read_code(name, value) == expected


def list_cities(country, *, every):
    query = "SELECT latitude, longitude FROM city WHERE country = ? ORDER BY id"
    with closing(connect(CITIES)) as database:
        return database.execute(query, [country]).fetchall()[::every]
