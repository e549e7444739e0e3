"""NWS is asked for the zones of the places alone, while these are few."""

from __future__ import annotations

import pytest

from tests.factories import make_place
from tests.official.feeds import make_source, poll
from tests.official.making import NOON, make_nws, make_nws_feed
from weatherapp.models import OfficialEvent, PlaceCode, SourceKind
from weatherapp.official import narrowing

pytestmark = pytest.mark.django_db
NWS = "https://api.weather.gov/alerts/active"


@pytest.fixture
def boston(db):
    place = make_place(name="Boston", latitude=42.4, longitude=-71.1)
    for scheme, value in (("UGC", "MAZ015"), ("UGC", "MAC025"), ("SAME", "025025")):
        PlaceCode.objects.create(place=place, scheme=scheme, value=value)
    return place


def test_the_zones_and_counties_of_the_places_are_asked_for(boston):
    source = make_source(kind=SourceKind.NWS, address=NWS)

    assert narrowing.find_address(source) == f"{NWS}?zone=MAC025,MAZ015"


def test_a_place_that_is_not_watched_is_not_asked_about(boston):
    boston.is_active = False
    boston.save()

    assert narrowing.find_address(make_source(kind=SourceKind.NWS, address=NWS)) == NWS


def test_many_zones_are_the_whole_country(boston, monkeypatch):
    monkeypatch.setattr(narrowing, "MOST_ZONES", 1)

    assert narrowing.find_address(make_source(kind=SourceKind.NWS, address=NWS)) == NWS


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (SourceKind.NWS, f"{NWS}?area=MA"),
        (SourceKind.NWS, "https://api.weather.gov/alerts/active/area/MA"),
        (SourceKind.CAP_FEED, NWS),
    ],
    ids=["the operator's wish", "another door", "another service"],
)
def test_other_addresses_stay_as_they_are(boston, kind, address):
    assert narrowing.find_address(make_source(kind=kind, address=address)) == address


def test_what_comes_is_the_feed(boston, feed, httpserver):
    httpserver.expect_request(
        "/alerts/active", query_string="zone=MAC025,MAZ015"
    ).respond_with_data(make_nws_feed(make_nws(zones=["MAZ015"])))
    source = poll(feed("/alerts/active", kind=SourceKind.NWS), now=NOON)

    assert source.problem == ""
    assert [row.place for row in OfficialEvent.objects.get().places.all()] == [boston]
