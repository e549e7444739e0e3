"""Which places the areas of warnings concern."""

from __future__ import annotations

import pytest

from tests.factories import make_place
from weatherapp.models import PlaceCode
from weatherapp.official.areas import matching
from weatherapp.official.areas.matching import match
from weatherapp.official.areas.schemes import SAME_FOR_UGC

pytestmark = pytest.mark.django_db


def make_coded(name, *codes):
    """A place with codes such as "UGC NYC061"; its id."""
    place = make_place(name=name)
    rows = (code.split() for code in codes)
    PlaceCode.objects.bulk_create(
        PlaceCode(place=place, scheme=scheme, value=value) for scheme, value in rows
    )
    return place.pk


@pytest.fixture
def places():
    return {
        "Manhattan": make_coded("Manhattan", "UGC NYC061", "UGC NYZ072", "SAME 036061"),
        "Queens": make_coded("Queens", "UGC NYC081", "UGC NYZ178", "SAME 036081"),
        "Paris": make_coded("Paris", "EMMA_ID FR101", "NUTS3 FR101"),
        "Sydney": make_coded("Sydney"),
    }


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        pytest.param([("UGC", "NYC061")], {"Manhattan"}, id="one"),
        pytest.param([("SAME", "036061")], {"Manhattan"}, id="by SAME alone"),
        pytest.param([("UGC", "NYC061"), ("UGC", "NYZ072")], {"Manhattan"}, id="one by two codes"),
        pytest.param([("UGC", "NYC061"), ("UGC", "NYZ178")], {"Manhattan", "Queens"}, id="two"),
        pytest.param([("UGC", "NYC061"), ("EMMA_ID", "FR101")], {"Manhattan", "Paris"}, id="far"),
        pytest.param([("UGC", "FR101")], set(), id="the code of another register"),
        pytest.param([("UGC", "nyc061")], set(), id="not as read_code gives it"),
        pytest.param([("UGC", "CAC075")], set(), id="where no place is"),
        pytest.param([], set(), id="a warning without codes"),
    ],
)
def test_a_warning_concerns_the_places_in_its_areas(places, codes, expected):
    assert dict(match({"a": codes})) == {"a": {places[name] for name in expected}}


def test_counties_around_the_zones_of_a_warning_do_not_concern_who_is_in_another_zone(places):
    zone_of_queens = [("UGC", "NYZ178"), ("SAME", "036081"), ("SAME", "036061")]

    assert dict(match({"a": zone_of_queens})) == {"a": {places["Queens"]}}


def test_a_place_without_a_known_zone_is_concerned_by_its_county(places):
    tampa = make_coded("Tampa", "UGC FLC057", "SAME 012057", f"{SAME_FOR_UGC} 012057")
    areas = {"zone": [("UGC", "FLZ151"), ("SAME", "012057")], "other": [("UGC", "FLZ151")]}

    assert dict(match(areas)) == {"zone": {tampa}, "other": set()}


def test_each_warning_gets_its_own_in_order(places):
    areas = {"b": [("UGC", "NYC081")], "a": [("UGC", "NYC061"), ("UGC", "NYC081")], "none": []}

    assert list(match(areas)) == [
        ("b", {places["Queens"]}),
        ("a", {places["Manhattan"], places["Queens"]}),
        ("none", set()),
    ]


def test_without_warnings_nothing_is_asked(django_assert_num_queries, places):
    with django_assert_num_queries(0):
        assert list(match({})) == []


def test_some_places_alone_may_be_looked_at(places):
    areas = {"a": [("UGC", "NYC061"), ("UGC", "NYC081")]}

    assert dict(match(areas, place_ids=[places["Queens"]])) == {"a": {places["Queens"]}}
    assert dict(match(areas, place_ids=[])) == {"a": set()}


def test_more_codes_than_fit_in_a_query(places, monkeypatch):
    monkeypatch.setattr(matching, "ASKED_TOGETHER", 2)
    numbers = [("UGC", f"NYC{number:03}") for number in range(60, 83)]

    assert dict(match({"a": numbers})) == {"a": {places["Manhattan"], places["Queens"]}}


def test_queries_do_not_grow_with_the_warnings(django_assert_num_queries, places):
    areas = {n: [("UGC", "NYC061"), ("FIPS", f"EI{n:03}"), ("NUTS3", "FR101")] for n in range(400)}

    with django_assert_num_queries(3):
        found = dict(match(areas))

    assert all(ids == {places["Manhattan"], places["Paris"]} for ids in found.values())
