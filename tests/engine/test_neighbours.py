"""The same rule a step harder, a step easier."""

from __future__ import annotations

import pytest

from tests.engine.cast import (
    make_rule,
    pressure_condition,
    rain_sum_condition,
    thunder_condition,
    wet_condition,
)
from weatherapp.alerting.catalogue import CATALOGUE
from weatherapp.alerting.engine.neighbours import find_neighbour, shift
from weatherapp.alerting.engine.problems import find_problems
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Basis, Comparison, Condition, Level


def thresholds(rule):
    return [(one.threshold, one.recovery_threshold) for one in rule.conditions[0].levels]


def hour_of_rain(threshold, recovery):
    return make_rule(
        Condition(
            "precipitation_mm",
            Basis.MEASURED,
            1,
            Aggregation.SUM,
            Comparison.AT_LEAST,
            (Level(Severity.MINOR, threshold, recovery),),
        )
    )


def test_thresholds_move_by_steps_in_the_harder_direction():
    assert thresholds(shift(make_rule(), 1)) == [(20.0, 17.0), (31.0, 28.0)]
    assert thresholds(shift(make_rule(pressure_condition()), 1)) == [(-7.0, -4.5)]
    assert shift(shift(make_rule(), 1), -1) == make_rule()


def test_all_conditions_move():
    rule = shift(make_rule(rain_sum_condition(), pressure_condition()), -1)

    assert [one.levels[0].threshold for one in rule.conditions] == [25.0, -5.0]


@pytest.mark.parametrize(
    ("rule", "steps", "expected"),
    [
        pytest.param(hour_of_rain(15.0, 10.0), -1, [(10.0, 5.0)], id="a whole step"),
        pytest.param(hour_of_rain(15.0, 5.0), -1, [(12.5, 2.5)], id="it would never end: half"),
        pytest.param(make_rule(wet_condition()), 1, [(0.7, 0.55)], id="ten percent"),
    ],
)
def test_a_neighbour_is_the_next_rule_that_can_be(rule, steps, expected):
    assert thresholds(find_neighbour(rule, steps)) == expected


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(hour_of_rain(0.5, 0.2), id="nothing is below"),
        pytest.param(make_rule(thunder_condition()), id="weather codes have no steps"),
    ],
)
def test_where_there_is_none_it_is_none(rule):
    assert find_neighbour(rule, -1) is None


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.key)
def test_neighbours_of_the_catalogue_can_be(entry):
    found = [rule for steps in (-1, 1) if (rule := find_neighbour(entry.says, steps))]

    assert len(found) == (0 if entry.key == "thunderstorm" else 2)
    assert [find_problems(rule) for rule in found] == [[]] * len(found)
