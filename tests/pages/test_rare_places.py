"""A place that is fetched rarely is not called without data before its turn."""

from __future__ import annotations

from datetime import timedelta

import pytest

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
from tests.pages.markup import words
from weatherapp.domain.conditions import Basis

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Just before the sixth hour's fetch, and its answer."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(hours=6, minutes=5))


def make_place_of_noon(*, refresh_hours: int):
    place = make_place(refresh_hours=refresh_hours, fetched_at=NOON + timedelta(minutes=1))
    make_readings(place, wind_gust_ms=3.0)
    calm = {"wind_gust_ms": 3.0, "wind_speed_ms": 2.0, "temperature_c": 9.0, "snowfall_cm": 0.0}
    hours = calm | {"precipitation_mm": 0.0, "weather_code": 1.0}
    make_forecast(place, **{name: [value] * 48 for name, value in hours.items()})
    make_prediction(place)
    make_rule(says=rain_soon())
    make_rule(says=storm_gusts(), name="Gale")
    make_rule(says=storm_gusts(3, basis=Basis.MEASURED), name="Gale now")
    return place


@pytest.mark.parametrize("refresh_hours", [6, 12])
def test_between_its_turns_it_is_believed(client, refresh_hours):
    place = make_place_of_noon(refresh_hours=refresh_hours)

    home, own = words(client.get("/")), words(client.get(place.get_absolute_url()))

    assert "no data" not in home.lower()
    assert "no data" not in own.lower()
    assert "No fresh" not in home


def test_an_hourly_place_with_the_same_rows_is_not(client):
    place = make_place_of_noon(refresh_hours=1)

    home, own = words(client.get("/")), words(client.get(place.get_absolute_url()))

    assert "No data: the newest prediction is too old" in own
    assert "no data" in home.lower()


def test_a_missed_turn_is_told_as_soon_after_it_as_an_hourly_places(client, monkeypatch):
    place = make_place_of_noon(refresh_hours=6)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + 8 * HOUR + HOUR / 12)

    assert "No data: the newest prediction is too old" in words(
        client.get(place.get_absolute_url())
    )
