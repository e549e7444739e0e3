"""The one door to all sources."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer

from tests.factories import NOON, make_place, make_scene
from tests.intake.bodies import make_body, make_item, make_items
from weatherapp.intake import fetch
from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.intake.source import PlaceWeather, SourceRefusedError
from weatherapp.intake.sources import SOURCES, find_source
from weatherapp.models import SourceName

ANDREA = SCENES["andrea-2013"]


def make_andrea_scene():
    """Real NOON is the scene's now."""
    return make_scene(
        starts_at=ANDREA.starts_at,
        plays_until_at=ANDREA.plays_until_at,
        anchor_scene_at=ANDREA.plays_until_at,
        anchor_real_at=NOON,
    )


@pytest.mark.django_db
def test_each_place_is_asked_of_its_own_source_at_its_own_time(site_source: HTTPServer):
    site_source.expect_request("/v1/forecast").respond_with_data(make_body(make_item(now=NOON)))
    make_andrea_scene()
    dublin = make_place(name="Dublin", source="open_meteo")
    jfk = make_place(name="New York JFK", source="replay", station="JFK")

    outcomes = fetch([dublin, jfk], now=NOON)

    assert outcomes[dublin.pk].hour_at == NOON
    assert outcomes[jfk.pk].hour_at == ANDREA.plays_until_at


@pytest.mark.django_db
def test_places_of_one_source_share_a_request(site_source: HTTPServer):
    site_source.expect_request("/v1/forecast").respond_with_data(
        make_body(*make_items(3, now=NOON))
    )
    places = [make_place(name=name, source="open_meteo") for name in ("A", "B", "C")]

    outcomes = fetch(places, now=NOON)

    assert [outcomes[place.pk].readings[-1].values["temperature_c"] for place in places] == [
        0.0,
        1.0,
        2.0,
    ]
    assert len(site_source.log) == 1


@pytest.mark.django_db
def test_the_replay_goes_on_by_the_real_clock():
    make_andrea_scene()
    jfk = make_place(source="replay", station="JFK")

    weather = fetch([jfk], now=NOON + timedelta(hours=3, minutes=5))[jfk.pk]

    assert weather.hour_at == ANDREA.plays_until_at + timedelta(hours=3)


@pytest.mark.django_db
def test_a_replay_without_a_scene_is_refused():
    jfk = make_place(source="replay", station="JFK")

    outcome = fetch([jfk], now=NOON)[jfk.pk]

    assert isinstance(outcome, SourceRefusedError)
    assert "2026-01-01" in str(outcome)


@pytest.mark.django_db
def test_an_unknown_source_is_refused_and_the_others_are_asked(settings):
    settings.WEATHER_SOURCE = "crystal_ball"
    make_andrea_scene()
    jfk = make_place(name="JFK", source="replay", station="JFK")
    dublin = make_place(name="Dublin", source="")

    outcomes = fetch([dublin, jfk], now=NOON)

    assert isinstance(outcomes[dublin.pk], SourceRefusedError)
    assert "crystal_ball" in str(outcomes[dublin.pk])
    assert isinstance(outcomes[jfk.pk], PlaceWeather)


def test_no_places_need_no_source():
    assert fetch([], now=NOON) == {}


def test_every_source_that_a_place_can_name_is_there():
    assert set(SOURCES) == set(SourceName.values)


def test_a_source_is_kept_for_the_process(site_source: HTTPServer):
    assert find_source("open_meteo") is find_source("open_meteo")


def test_a_replay_loads_no_http_client():
    code = (
        "import sys; from weatherapp.intake import fetch; "
        "from weatherapp.intake.sources import find_source; find_source('replay'); "
        "print(sorted({'httpcore2', 'numpy', 'pandas', 'weatherapp.models'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
