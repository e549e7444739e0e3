"""Which clock a page runs by."""

from datetime import timedelta

import pytest

from tests.factories import NOON, make_place, make_scene
from weatherapp.models import Scene
from weatherapp.pages.replay import (
    describe_replay,
    find_replay_place,
    read_clocks,
    read_source_names,
)

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
    assert find_replay_place() == place
    assert read_source_names() == ["replay"]

    settings.WEATHER_SOURCE = "open_meteo"
    assert find_replay_place() is None
    assert read_source_names() == ["open_meteo"]


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
