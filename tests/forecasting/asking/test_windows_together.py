"""The windows of many places are built by as many queries as one, and are the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from predictor import contract
from tests.factories import NOON, make_place, make_readings
from tests.forecasting.windows import build_window
from weatherapp.forecasting.asking.place_climate import PlaceHour
from weatherapp.forecasting.asking.window import build_windows

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = NOON + HOUR


def make_counted(count):
    """Places that know what is usual there, each with its own weather and one new hour."""
    places = [make_place(name=f"Place {number}") for number in range(count)]
    for number, place in enumerate(places):
        make_readings(place, hours=200, temperature_c=float(number))
        build_window(place, end_at=NOON, now=NOON)
        make_readings(place, until=LATER, hours=1, temperature_c=30.0)
    return places


def hours_of(places, at=LATER):
    return [PlaceHour(place, at, at) for place in places]


@pytest.mark.parametrize("count", [1, 12])
def test_two_queries_however_many_there_are(count, django_assert_num_queries):
    places = make_counted(count)

    with django_assert_num_queries(2):  # totals, rows
        windows = build_windows(hours_of(places))

    assert [window.hours[0][0] for window in windows] == [float(number) for number in range(count)]


def test_each_is_what_it_would_be_alone():
    places = make_counted(3)
    wanted = [*hours_of(places), PlaceHour(places[0], NOON, LATER)]

    together = build_windows(wanted)

    alone = [build_window(hour.place, end_at=hour.at, now=hour.now) for hour in wanted]
    assert [window.to_wire() for window in together] == [window.to_wire() for window in alone]


def test_of_which_nothing_is_usual_yet_is_counted_beside_the_others():
    known, new = make_counted(1)[0], make_place(name="New")
    make_readings(new, until=LATER, hours=30)

    windows = build_windows(hours_of([known, new]))

    assert [window.climate[-1] for window in windows] == [201 / 24, 30 / 24]


def test_one_of_which_too_little_is_known_says_so_and_the_others_are_built():
    bad, good = make_counted(2)
    bad.readings.update(temperature_c=288.0)

    refused, built = build_windows(hours_of([bad, good]))

    assert isinstance(refused, contract.ContractError)
    assert "temperature_c" in str(refused)
    assert built.window_end_at == LATER
    with pytest.raises(contract.ContractError, match="temperature_c"):
        build_window(bad, end_at=LATER, now=LATER)


def test_none_are_none():
    assert build_windows([]) == []
