"""Where a rule may soon speak up a place is not calm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    make_forecast,
    make_place,
    make_prediction,
    make_readings,
    make_rule,
    rain_soon,
    storm_gusts,
)
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.nearness import find_near
from weatherapp.domain.conditions import Basis
from weatherapp.models import Place, Tag

pytestmark = pytest.mark.django_db
NOW = NOON + timedelta(minutes=5)


def forecast_gust(place: Place, gust: float, *, hours_ahead: int = 3) -> None:
    column = [gust if lead == hours_ahead else 3.0 for lead in range(1, 49)]
    make_forecast(place, wind_gust_ms=column)


def is_near(place: Place, *, hours: int = 6) -> bool:
    return find_near([place.pk], hours=hours, now=NOW) == [place.pk]


@pytest.mark.parametrize(
    ("gust", "near"),
    [
        pytest.param(14.9, False, id="below what keeps an alert"),
        pytest.param(15.0, True, id="what keeps one: the recovery threshold"),
        pytest.param(20.0, True, id="what raises one"),
    ],
)
def test_near_is_what_would_keep_an_alert(gust, near):
    place = make_place()
    make_rule(says=storm_gusts())
    forecast_gust(place, gust)

    assert is_near(place) is near


@pytest.mark.parametrize(("hours", "near"), [(1, False), (3, False), (6, True)])
def test_what_is_forecast_for_before_the_next_fetch_counts(hours, near):
    place = make_place()
    make_rule(says=storm_gusts(hours=1))
    forecast_gust(place, 20.0, hours_ahead=5)

    assert is_near(place, hours=hours) is near


def test_what_was_measured_counts_as_it_is():
    place = make_place()
    make_rule(says=storm_gusts(hours=3, basis=Basis.MEASURED))
    make_readings(place, until=NOON - timedelta(hours=1), wind_gust_ms=3.0)
    assert not is_near(place)

    make_readings(place, hours=1, wind_gust_ms=16.0)

    assert is_near(place)


def test_a_likely_rain_counts():
    place, dry = make_place(), make_place(name="Cork")
    make_rule(says=rain_soon(threshold=0.6, recovery=0.5))
    make_prediction(place, probability_any_6h=0.55, probability_any_24h=0.7)
    make_prediction(dry)

    assert is_near(place)
    assert not is_near(dry)


def test_all_that_a_rule_asks_for_must_come_near():
    place = make_place()
    gusts, rain = storm_gusts(), rain_soon()
    make_rule(says=Rule((*gusts.conditions, *rain.conditions)))
    forecast_gust(place, 20.0)
    make_prediction(place)

    assert not is_near(place)


def test_a_rule_counts_where_it_looks():
    tag = Tag.objects.create(name="coast")
    coast, inland = make_place(), make_place(name="Athlone")
    coast.tags.add(tag)
    make_rule(says=storm_gusts(), tags=(tag,))
    for place in (coast, inland):
        forecast_gust(place, 20.0)

    assert find_near([coast.pk, inland.pk], hours=1, now=NOW) == [coast.pk]


def test_a_place_of_which_nothing_is_known_is_not_near():
    make_rule(says=storm_gusts())

    assert not is_near(make_place())


def test_the_number_of_queries_does_not_grow_with_places():
    make_rule(says=storm_gusts())
    counts = []
    for number in range(6):
        forecast_gust(make_place(name=f"Place {number}"), 20.0)
        ids = list(Place.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            assert len(find_near(ids, hours=6, now=NOW)) == number + 1
        counts.append(len(queries))

    assert set(counts) == {counts[0]}
