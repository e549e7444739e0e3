"""The admin of places says what a day's calls are enough for, and what the site does beyond."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.factories import NOON, make_place
from tests.pages.markup import words
from weatherapp.models import Place

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/weatherapp/place/", "/admin/weatherapp/place/add/"


def add_places(count: int, **fields) -> None:
    Place.objects.bulk_create(
        Place(name=f"Place {number}", latitude=1, longitude=1, source="open_meteo", **fields)
        for number in range(count)
    )


@pytest.fixture(autouse=True)
def free_plan(settings):
    settings.OPEN_METEO_API_KEY, settings.OPEN_METEO_DAILY_CALLS = "", 0


@pytest.mark.parametrize("address", [LIST, ADD])
def test_up_to_the_limit_it_says_what_it_is_enough_for(operator, address):
    add_places(416, backfilled_at=NOON)

    text = words(operator.get(address))

    assert "10,000 calls a day may be made, enough for 416 places each hour" in text
    assert "416 active places would take 9,984 each hour of the day" in text
    assert "more than the limit" not in text


@pytest.mark.parametrize("address", [LIST, ADD])
def test_with_the_417th_it_says_what_happens_and_the_ways_out(operator, address):
    add_places(417, backfilled_at=NOON)

    text = words(operator.get(address))

    assert "417 active places would take 10,008" in text
    assert "That is more than the limit." in text
    assert "where it is calm and nobody subscribes a place is fetched every 2 hours" in text
    assert "This takes 5,004 calls a day." in text
    assert "OPEN_METEO_API_KEY" in text
    assert "fewer active places" in text


def test_a_places_own_page_says_it_too(operator):
    add_places(417, backfilled_at=NOON)
    place = Place.objects.earliest("pk")

    text = words(operator.get(f"{LIST}{place.pk}/change/"))

    assert "That is more than the limit." in text


def test_places_that_share_a_cell_are_counted_once(operator):
    add_places(417, backfilled_at=NOON, cell="here")

    text = words(operator.get(LIST))

    assert "417 active places, of which some share a grid cell and are asked for once," in text
    assert "would take 24 each hour" in text
    assert "more than the limit" not in text


def test_a_first_day_on_which_the_past_is_fetched_is_told_apart(operator):
    add_places(400)

    assert "too much on a day on which the past of new places is fetched as well" in words(
        operator.get(LIST)
    )


def test_what_no_pace_is_enough_for_is_said(operator, settings):
    settings.OPEN_METEO_DAILY_CALLS = 10
    add_places(30, backfilled_at=NOON)

    text = words(operator.get(LIST))

    assert "That is still more than the limit" in text


def test_a_rare_pace_says_that_places_are_without_data_in_between(operator, settings):
    settings.OPEN_METEO_DAILY_CALLS = 100
    add_places(60, backfilled_at=NOON)

    assert "In between, calm places are shown without data." in words(operator.get(LIST))


@pytest.mark.parametrize("daily_calls", [0, 100_000])
def test_with_a_key_there_is_no_limit_but_the_plans(operator, settings, daily_calls):
    settings.OPEN_METEO_API_KEY, settings.OPEN_METEO_DAILY_CALLS = "key", daily_calls
    add_places(417, backfilled_at=NOON)

    text = words(operator.get(LIST))

    assert "more than the limit" not in text
    assert ("100,000 calls a day may be made" in text) is bool(daily_calls)


def test_a_replay_asks_nobody(operator):
    make_place(source="replay", station="JFK")

    assert "calls a day" not in words(operator.get(LIST))


def test_a_command_says_the_same(capsys):
    call_command("source_calls")
    assert "No place asks a source whose calls are limited." in capsys.readouterr().out
    add_places(417, backfilled_at=NOON)

    call_command("source_calls")

    said = capsys.readouterr().out
    assert "That is more than the limit." in said
    assert "<" not in said
