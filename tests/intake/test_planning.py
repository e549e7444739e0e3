"""Where a day's calls are few, calm places are fetched more rarely, and nobody calls that no data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_rule, make_subscription, storm_gusts
from tests.intake.paced_site import MIDNIGHT, PacedSite
from weatherapp.intake.allowance import read_allowance
from weatherapp.intake.need import HOURLY, Pace
from weatherapp.intake.planning import hasten, plan_refreshes
from weatherapp.models import Place
from weatherapp.pages.replay import read_clocks
from weatherapp.pages.survey import read_survey

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def site(site_source, monkeypatch, settings) -> PacedSite:
    """A day is enough for four places each hour."""
    settings.OPEN_METEO_DAILY_CALLS = 4 * 24
    return PacedSite(site_source, monkeypatch)


def read_hours(*places: Place) -> list[int]:
    rows = dict(Place.objects.values_list("pk", "refresh_hours"))
    return [rows[place.pk] for place in places]


def find_near_none(place_ids, *, hours, now):
    return []


def test_while_the_day_suffices_all_are_hourly(site: PacedSite):
    places = site.add_places(4)

    site.play(hours=3)

    assert read_hours(*places) == [1] * 4
    assert site.calls == 12


def test_a_place_more_and_the_calm_ones_are_fetched_every_two_hours(site: PacedSite):
    places = site.add_places(5)

    site.play(hours=12)

    assert read_hours(*places) == [2] * 5
    assert 5 * 6 <= site.calls <= 5 * 7


def test_a_day_of_many_places_keeps_to_its_calls_and_misses_no_reading(site: PacedSite):
    places = site.add_places(14)
    site.play(hours=2)
    counted = site.calls

    site.play(hours=22)

    assert site.calls <= 96 + 14, "the first round finds out what there is to fetch"
    assert site.calls - counted <= 14 * 22 / 3 + 14
    assert read_allowance(site.now).pace == Pace(1, 6)
    for place in places:
        newest = place.readings.latest().observed_at
        hours = set(place.readings.values_list("observed_at", flat=True))
        assert {newest - age * HOUR for age in range(24)} <= hours
        assert newest >= site.now - 7 * HOUR


def test_calm_places_are_never_called_without_data_between_their_turns(site: PacedSite):
    site.add_places(14)
    site.play(hours=2)
    said = []
    for _ in range(12):
        site.play(hours=1)
        moment = site.now + timedelta(minutes=5)
        said.append(read_survey(read_clocks(moment)).silence)

    assert [(silence.measured, silence.forecast) for silence in said] == [(0, 0)] * 12


def test_what_is_up_or_subscribed_to_stays_hourly(site: PacedSite):
    calm, stormy, near, followed, *_ = site.add_places(6)
    make_rule(says=storm_gusts(), name="Gale")
    make_subscription(followed)
    site.gusts = {"1.0000": 20.0, "2.0000": 16.0}  # raised at 18, left at 15

    site.play(hours=2)

    assert read_hours(stormy, near, followed) == [1, 1, 1]
    assert read_hours(calm)[0] > 1
    assert stormy.alerts.count() == 1
    assert near.alerts.count() == 0


def test_after_the_storm_a_place_is_calm_again(site: PacedSite):
    stormy, *_ = site.add_places(6)
    make_rule(says=storm_gusts(), name="Gale")
    site.gusts = {"0.0000": 20.0}
    site.play(hours=1)
    assert read_hours(stormy) == [1]
    site.gusts = {}

    site.play(hours=2)

    assert read_hours(stormy)[0] > 1
    assert not stormy.alerts.open().exists()


def test_who_subscribes_finds_the_place_fetched(site: PacedSite):
    places = site.add_places(14)
    site.play(hours=4)
    waiting = Place.objects.filter(next_refresh_at__gt=site.now + 2 * HOUR).earliest("pk")
    make_subscription(waiting)

    site.play(hours=1)

    waiting.refresh_from_db()
    assert waiting.fetched_at >= site.now - HOUR
    assert waiting.refresh_hours == 1
    assert sum(hours == 1 for hours in read_hours(*places)) == 1


def test_hastening_leaves_alone_what_waits_after_a_failure(site: PacedSite):
    (place,) = site.add_places(1)
    make_subscription(place)
    later = MIDNIGHT + 5 * HOUR
    planned = {"refresh_hours": 6, "fetched_at": MIDNIGHT - HOUR, "next_refresh_at": later}
    Place.objects.update(**planned, fetch_failures=1)
    assert hasten(now=MIDNIGHT + HOUR) == 0

    Place.objects.update(fetch_failures=0)

    assert hasten(now=MIDNIGHT + HOUR) == 1
    assert hasten(now=MIDNIGHT + HOUR) == 0


def test_without_a_limit_nothing_is_looked_up(site: PacedSite, settings):
    settings.OPEN_METEO_DAILY_CALLS, settings.OPEN_METEO_API_KEY = 0, "key"
    places = site.add_places(3)
    ids = [place.pk for place in places]

    with CaptureQueriesContext(connection) as queries:
        plan_refreshes(ids, find_near=find_near_none, now=MIDNIGHT)
        hasten(now=MIDNIGHT)

    assert len(queries) == 0
    assert read_allowance(MIDNIGHT).pace == HOURLY


@pytest.mark.parametrize("count", [6, 60])
def test_planning_costs_a_few_queries_whatever_the_number_of_places(site: PacedSite, count):
    places = site.add_places(count)
    Place.objects.update(fetched_at=MIDNIGHT, next_refresh_at=MIDNIGHT + HOUR)
    ids = [place.pk for place in places]

    with CaptureQueriesContext(connection) as queries:
        plan_refreshes(ids, find_near=find_near_none, now=MIDNIGHT)

    assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) == 3
    assert min(read_hours(*places)) > 1


def test_a_tick_with_nothing_due_costs_three_queries_at_most(site: PacedSite):
    site.add_places(20)
    Place.objects.update(next_refresh_at=MIDNIGHT + HOUR)

    with CaptureQueriesContext(connection) as queries:
        hasten(now=MIDNIGHT)
        Place.objects.claim_due(now=MIDNIGHT, lease=HOUR, limit=100)

    told = [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"]]
    assert len(told) <= 3, told
