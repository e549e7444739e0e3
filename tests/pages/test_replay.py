"""Which clock a page runs by."""

from datetime import timedelta

import pytest

from tests.factories import NOON, make_place, make_scene
from weatherapp.models import Scene
from weatherapp.pages.replay import describe_replay, describe_replays, read_clocks, read_sources
from weatherapp.pages.survey import read_survey

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("source", ["replay", "open_meteo", ""])
@pytest.mark.parametrize(
    "scene",
    [
        {"anchor_scene_at": NOON - timedelta(days=4000)},
        {"anchor_scene_at": None, "anchor_real_at": None, "playing_at": NOON - timedelta(days=9)},
        None,
    ],
)
def test_clock_of_a_list_is_the_places_own(source, scene):
    if scene is not None:
        make_scene(**scene)
    place = make_place(source=source)
    now = NOON + timedelta(minutes=7)

    assert read_clocks(now).at(place) == place.clock(now)


def test_place_that_follows_the_sites_source_is_found(settings):
    place = make_place(source="")

    settings.WEATHER_SOURCE = "replay"
    assert read_sources().replay_zone == place.time_zone
    assert read_sources().names == ["replay"]

    settings.WEATHER_SOURCE = "open_meteo"
    assert read_sources().replay_zone == ""
    assert read_sources().names == ["open_meteo"]


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("source", ["replay", "open_meteo"])
def test_site_is_all_replay_while_no_place_is_about_today(source, is_active):
    make_scene()
    make_place(name="Zutphen", source="replay", time_zone="Europe/Amsterdam")
    make_place(name="Newark", source="replay", time_zone="America/New_York")
    make_place(name="Aran", source=source, is_active=is_active, time_zone="Asia/Kathmandu")
    make_place(name="Abbey", source="replay", is_active=False)
    sources, clocks = read_sources(), read_clocks(NOON)
    is_first = source == "replay" and is_active

    assert sources.are_all_replays == (source == "replay")
    assert sources.replay_zone == ("Asia/Kathmandu" if is_first else "America/New_York")
    assert describe_replays(sources, clocks).is_all == sources.are_all_replays
    assert read_survey(clocks).sources == sources


def test_site_without_places_has_no_sources():
    assert read_sources() == read_survey(read_clocks(NOON)).sources
    assert describe_replays(read_sources(), read_clocks(NOON)) is None


def test_place_without_scene_is_no_replay():
    place = make_place(source="replay")

    assert describe_replay(place, read_clocks(NOON)) is None


def test_replay_knows_whether_it_is_still_played():
    make_scene(anchor_scene_at=None, anchor_real_at=None, playing_at=NOON)
    place = make_place(source="replay")
    playing = describe_replay(place, read_clocks(NOON))
    Scene.objects.update(anchor_scene_at=NOON, anchor_real_at=NOON)
    anchored = describe_replay(place, read_clocks(NOON))

    assert playing.is_playing
    assert not anchored.is_playing
