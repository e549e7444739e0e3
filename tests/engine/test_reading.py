"""What facts say of one condition."""

from __future__ import annotations

import pytest

from tests.engine.cast import (
    HOUR,
    NOON,
    forecast,
    frost_condition,
    gale_in,
    gust_condition,
    measured,
    predicted,
    pressure_condition,
    rain_sum_condition,
    thunder_condition,
    wet_condition,
)
from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.reading import read
from weatherapp.domain.cap import Certainty
from weatherapp.domain.conditions import Basis
from weatherapp.domain.spans import Span


def look(condition, facts, *, now=NOON, lead_from_hours=0):
    return read(condition, facts, now=now, lead_from_hours=lead_from_hours)


@pytest.mark.parametrize(
    ("condition", "facts", "value"),
    [
        pytest.param(gust_condition(), gale_in(6, 31.0), 31.0, id="the strongest gust"),
        pytest.param(gust_condition(), gale_in(7, 31.0), 5.0, id="not the one behind the window"),
        pytest.param(
            frost_condition(), forecast(temperature_c=[3, -4.0] + [1] * 22), -4, id="lowest"
        ),
        pytest.param(
            thunder_condition(), forecast(weather_code=[3, 95, 96, 3, 3, 3]), 2, id="codes"
        ),
        pytest.param(
            rain_sum_condition(), measured(precipitation_mm=[9.0] + [2.0] * 24), 48.0, id="24 of 25"
        ),
        pytest.param(
            pressure_condition(),
            measured(pressure_msl_hpa=[1010, 1008, 1005, 1003.0]),
            -7.0,
            id="fall",
        ),
    ],
)
def test_hours_add_up_to_a_value(condition, facts, value):
    assert look(condition, facts).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("condition", "facts"),
    [
        pytest.param(gust_condition(), Facts(), id="no facts at all"),
        pytest.param(
            gust_condition(), measured(wind_gust_ms=[40.0] * 24), id="facts of another kind"
        ),
        pytest.param(gust_condition(), forecast(temperature_c=[1.0] * 24), id="another quantity"),
        pytest.param(gust_condition(), forecast(wind_gust_ms=[40.0] * 4), id="4 of 6 hours"),
        pytest.param(
            gust_condition(),
            forecast(run_at=NOON - 7 * HOUR, wind_gust_ms=[40.0] * 24),
            id="an old run",
        ),
        pytest.param(
            rain_sum_condition(),
            measured(newest_at=NOON - 4 * HOUR, precipitation_mm=[9.0] * 24),
            id="old readings",
        ),
        pytest.param(
            pressure_condition(),
            measured(pressure_msl_hpa=[1008.0, 1005.0, 1003.0]),
            id="2 of 3 hours",
        ),
        pytest.param(
            wet_condition(hours=24),
            predicted([0.9], window_end_at=NOON - 8 * HOUR),
            id="16 of 24 left",
        ),
    ],
)
def test_too_little_is_no_data(condition, facts):
    assert look(condition, facts) is None


def test_a_sum_counts_what_is_known_where_a_few_hours_are_missing():
    facts = measured(precipitation_mm=[None] * 6 + [2.0] * 18)

    assert look(rain_sum_condition(), facts).value == 36.0
    assert look(rain_sum_condition(), measured(precipitation_mm=[None] * 7 + [2.0] * 17)) is None


def test_the_lead_window_leaves_the_first_hours_out():
    facts = gale_in(2, 31.0)

    assert look(gust_condition(), facts).value == 31.0
    assert look(gust_condition(), facts, lead_from_hours=2).value == 5.0


def test_a_probability_is_of_the_hours_that_are_left():
    facts = predicted([0.9, 0.1, 0.1], window_end_at=NOON - 2 * HOUR, any_6h=0.95)

    reading = look(wet_condition(), facts)

    assert [hour_at for hour_at, _ in reading.hours] == [NOON + lead * HOUR for lead in range(1, 7)]
    assert reading.value < 0.5


@pytest.mark.parametrize(
    ("condition", "facts", "span"),
    [
        pytest.param(gust_condition(), gale_in(4), (3, 4), id="a maximum is of the hour before"),
        pytest.param(
            frost_condition(),
            forecast(temperature_c=[3, 0, -2, 1] + [4] * 20),
            (2, 3),
            id="an instant",
        ),
        pytest.param(
            thunder_condition(), forecast(weather_code=[3, 3, 95, 3, 95, 3]), (2, 5), id="codes"
        ),
        pytest.param(
            wet_condition(),
            predicted([0.2, 0.2, 0.2, 0.98, 0.3, 0.1]),
            (3, 4),
            id="the likely hour",
        ),
        pytest.param(
            wet_condition(),
            predicted([0.3] * 6, any_6h=0.8),
            (0, 6),
            id="no hour is likely, any is",
        ),
        pytest.param(
            rain_sum_condition(basis=Basis.FORECAST),
            forecast(precipitation_mm=[0] * 5 + [10.0] * 5 + [0] * 14),
            (5, 10),
            id="the wet hours of a sum",
        ),
    ],
)
def test_it_says_from_when_to_when(condition, facts, span):
    reading = look(condition, facts)

    found = reading.span(condition.levels[0])

    assert found == Span(NOON + span[0] * HOUR, NOON + span[1] * HOUR)


def test_what_was_measured_began_in_the_past_and_counts_while_it_is_fresh():
    facts = measured(precipitation_mm=[0.0] * 20 + [12.0] * 4)

    found = look(rain_sum_condition(), facts).span(rain_sum_condition().levels[0])

    assert found == Span(NOON - 4 * HOUR, NOON + 3 * HOUR)


@pytest.mark.parametrize(
    ("condition", "facts", "certainty"),
    [
        (rain_sum_condition(), measured(precipitation_mm=[2.0] * 24), Certainty.OBSERVED),
        (wet_condition(), predicted([0.9]), Certainty.LIKELY),
        (wet_condition(), predicted([0.4]), Certainty.POSSIBLE),
        (gust_condition(), gale_in(3), Certainty.LIKELY),
        (gust_condition(hours=48), gale_in(40), Certainty.POSSIBLE),
    ],
)
def test_how_sure_it_is(condition, facts, certainty):
    seen = look(condition, facts)
    assert seen.certainty(seen.span(condition.levels[0])) is certainty
