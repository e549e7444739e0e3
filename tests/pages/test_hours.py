"""The hours to come as lines of a table."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.factories import NOON, rain_soon, storm_gusts
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.rulebook import RuleInForce
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Basis, Comparison, Condition, of_code
from weatherapp.domain.series import Series
from weatherapp.models import Prediction, RuleScope
from weatherapp.pages.hours import find_felt, make_hour_table
from weatherapp.pages.outlook import make_outlook

HOUR = timedelta(hours=1)
DUBLIN = ZoneInfo("Europe/Dublin")


def predict(hourly=(0.5,) * 24, *, near=0.7, far=0.9, end_at=NOON, now=NOON):
    prediction = Prediction(
        window_end_at=end_at,
        hourly_probability=list(hourly),
        probability_any_6h=near,
        probability_any_24h=far,
    )
    return make_outlook(prediction, now=now)


def in_force(says, name="Rule"):
    return RuleInForce(1, name, 1, 1, says, RuleScope.ALL, frozenset(), frozenset(), NOON)


def series(first_at=NOON + HOUR, **columns):
    return Series(first_at, columns)


def table_of(outlook=None, forecast=None, rules=(), *, now=NOON, zone=DUBLIN):
    return make_hour_table(outlook, forecast, rules, now=now, zone=zone, is_dark=lambda _: False)


def test_a_line_for_each_of_the_next_24_hours_from_the_hour_that_is():
    table = table_of(predict(), series(temperature_c=[5.0] * 48), now=NOON + HOUR / 2)

    assert len(table.lines) == 24
    assert table.lines[0].starts_at == NOON
    assert table.lines[-1].ends_at == NOON + 24 * HOUR


def test_hours_gone_by_are_left_out_and_the_sources_own_probability_fills_the_end():
    now = NOON + 2 * HOUR
    forecast = series(precipitation_probability=[0.3] * 48)

    table = table_of(predict(now=now), forecast, now=now)

    assert len(table.lines) == 24
    assert table.lines[0].starts_at == now
    assert [line.is_sources_own for line in table.lines] == [False] * 22 + [True] * 2
    assert table.lines[-1].probability == 0.3
    assert table.has_sources_own


def test_nothing_known_is_no_table():
    assert table_of() is None
    assert table_of(forecast=series()) is None


def test_hours_of_which_nothing_is_known_are_left_out():
    table = table_of(forecast=series(temperature_c=[5.0, None, 6.0]))

    assert [line.starts_at for line in table.lines] == [NOON, NOON + 2 * HOUR]
    assert not table.has_wind
    assert not table.has_chance


def test_days_are_those_of_the_place():
    table = table_of(predict(), zone=ZoneInfo("Asia/Kathmandu"))

    assert [len(day.lines) for day in table.days] == [7, 17]


def test_bars_are_as_wide_as_their_probability():
    table = table_of(predict((0.0, 0.125, 1.0, *(0.2,) * 21), near=1.0, far=1.0))

    assert [line.bar for line in table.lines[:3]] == [0.0, 12.5, 100.0]
    marks = [line.by_then_x for line in table.lines]
    assert marks == sorted(marks)


def test_a_threshold_is_marked_in_the_hours_that_its_rule_looks_at():
    table = table_of(predict(near=0.59), rules=[in_force(rain_soon(6, threshold=0.6))])

    assert [len(line.thresholds) for line in table.lines] == [1] * 6 + [0] * 18
    (mark,) = table.thresholds
    assert (mark.x, mark.hours, mark.is_met) == (60.0, 6, False)


@pytest.mark.parametrize(("near", "is_met"), [(0.59, False), (0.6, True), (0.8, True)])
def test_a_threshold_is_met_as_the_rule_has_it(near, is_met):
    table = table_of(predict(near=near), rules=[in_force(rain_soon(6, threshold=0.6))])

    assert table.thresholds[0].is_met is is_met


def test_a_late_prediction_moves_its_rules_window():
    now = NOON + HOUR
    table = table_of(predict(now=now), rules=[in_force(rain_soon(6))], now=now)

    assert [len(line.thresholds) for line in table.lines[:6]] == [1] * 5 + [0]


def test_the_worst_level_that_an_hour_reaches_is_marked():
    forecast = series(wind_gust_ms=[17.9, 18.0, 29.0, 40.0])
    rules = [in_force(storm_gusts(3), "Gale"), in_force(storm_gusts(2), "Short")]

    table = table_of(forecast=forecast, rules=rules)

    found = [line.crossings.get("wind_gust_ms") for line in table.lines]
    assert [one and one.severity for one in found] == [
        None,
        Severity.MODERATE,
        Severity.SEVERE,
        None,
    ]
    assert found[1].rule.name == "Gale"
    assert len(table.crossings) == 2


def test_weather_codes_are_marked_and_measured_rules_are_not():
    codes = Rule(
        (
            Condition(
                "weather_code",
                Basis.FORECAST,
                12,
                Aggregation.ANY_CODE,
                Comparison.AT_LEAST,
                (of_code(Severity.SEVERE, frozenset({95, 96})),),
            ),
        )
    )
    forecast = series(weather_code=[3.0, 95.0], wind_gust_ms=[40.0, 40.0])
    rules = [in_force(codes), in_force(storm_gusts(basis=Basis.MEASURED))]

    table = table_of(forecast=forecast, rules=rules)

    assert [list(line.crossings) for line in table.lines] == [[], ["weather_code"]]


@pytest.mark.parametrize(
    ("values", "felt"),
    [
        ({}, None),
        ({"temperature_c": 2.0}, None),
        ({"temperature_c": 2.0, "wind_speed_ms": 0.5}, None),
        ({"temperature_c": 18.0, "wind_speed_ms": 9.0}, None),
    ],
)
def test_what_is_felt_is_told_only_where_it_is_known_and_differs(values, felt):
    assert find_felt(values) is felt


def test_wind_makes_it_feel_colder():
    assert find_felt({"temperature_c": 2.0, "wind_speed_ms": 9.0}) < -1.0
