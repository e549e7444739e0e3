"""Scoring goes through the places in parts: what does not fit a tick, the next one does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.broker import broker, redis_server
from tests.factories import NOON, make_place, make_readings
from tests.forecasting.source_runs import HOUR, make_blended
from tests.together import do_at_once
from weatherapp import passes, tasks
from weatherapp.domain.time_limit import never
from weatherapp.models import BlendWeight, Place, PlacePass, ScoringProgress
from weatherapp.models.place_pass import nobody

__all__ = ["broker", "redis_server"]

pytestmark = pytest.mark.django_db


def take(*, limit=2, now=NOON, is_time_up=never, ask_help=nobody):
    parts = PlacePass.objects.take_parts(
        "job",
        every=timedelta(hours=6),
        limit=limit,
        now=now,
        is_time_up=is_time_up,
        ask_help=ask_help,
    )
    return [place_id for part in parts for place_id in part.place_ids]


def make_places(count):
    return [make_place(name=f"Place {number}").pk for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_a_pass_takes_each_place_once_and_then_rests(count, django_assert_num_queries):
    ids = make_places(count)

    assert take() == ids
    with django_assert_num_queries(1):
        assert take(now=NOON + 5 * HOUR) == []
    assert take(now=NOON + 6 * HOUR) == ids


@pytest.mark.parametrize(("count", "asked"), [(0, 0), (1, 0), (2, 1), (9, 1)])
def test_help_is_asked_for_once_and_only_where_a_part_is_not_all(count, asked):
    make_places(count)
    calls = []

    take(ask_help=lambda: calls.append(1))

    assert len(calls) == asked


def test_when_the_time_is_up_the_next_tick_goes_on_behind():
    ids = make_places(5)

    taken = [take(is_time_up=lambda: True) for _ in range(4)]

    assert taken == [ids[:2], ids[2:4], ids[4:], []]


def test_a_pass_that_began_in_the_future_holds_nobody_up():
    ids = make_places(1)
    take(now=NOON + 100 * HOUR)

    assert take() == ids


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_a_pass_and_take_no_place_twice():
    ids = make_places(9)

    taken = do_at_once(*[take] * 3)

    assert sorted(place_id for part in taken for place_id in part) == ids


@pytest.mark.usefixtures("broker")  # takes the asking for help
def test_a_tick_scores_what_fits_and_the_last_part_fits_the_weights(monkeypatch):
    monkeypatch.setattr(passes, "SCORED_TOGETHER", 1)
    monkeypatch.setattr(passes, "SCORING_SECONDS", 0.0)
    for name in ("Dublin", "Cork"):
        place = make_place(name=name)
        start_at = timezone.now().replace(minute=0, second=0, microsecond=0) - 30 * HOUR
        make_blended(place, window_end_at=start_at)
        make_readings(place, until=start_at + 26 * HOUR, hours=26)

    tasks.score_and_fit()
    assert ScoringProgress.objects.count() == 1
    tasks.score_and_fit()
    assert ScoringProgress.objects.count() == 2
    assert not BlendWeight.objects.exists()
    tasks.score_and_fit()
    assert BlendWeight.objects.count() == 4


@pytest.mark.usefixtures("broker")
def test_questions_do_not_grow_with_the_places(django_assert_max_num_queries):
    for number in range(20):
        place = make_place(name=f"Place {number}")
        make_blended(place, window_end_at=NOON)
        make_readings(place, until=NOON + 25 * HOUR, hours=25)
    tasks.score_and_fit()
    PlacePass.objects.all().delete()

    with django_assert_max_num_queries(45):
        tasks.score_and_fit()

    assert Place.objects.count() == 20
