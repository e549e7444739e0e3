"""Why a rule cannot be: what no form can send is refused as well, and what can be is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.cast import (
    frost_condition,
    gust_condition,
    make_rule,
    pressure_condition,
    rain_sum_condition,
    thunder_condition,
    wet_condition,
)
from weatherapp.alerting.engine.problems import Code, find_problems
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Basis, Comparison, Level

RISE = replace(
    pressure_condition(),
    comparison=Comparison.AT_LEAST,
    levels=(Level(Severity.MODERATE, 6.0, 3.5),),
)


@pytest.mark.parametrize(
    "condition",
    [
        gust_condition(),
        frost_condition(),
        thunder_condition(),
        rain_sum_condition(),
        pressure_condition(),
        wet_condition(),
        replace(
            wet_condition(),
            comparison=Comparison.AT_MOST,
            levels=(Level(Severity.MINOR, 0.1, 0.2),),
        ),
        RISE,
        replace(RISE, levels=(Level(Severity.MODERATE, 6.0, 0.0),)),
    ],
)
def test_a_rule_that_can_be_has_no_problem(condition):
    assert find_problems(make_rule(condition)) == []


@pytest.mark.parametrize(
    ("condition", "code", "field"),
    [
        pytest.param(
            replace(gust_condition(), quantity_name="luck"),
            Code.UNKNOWN_QUANTITY,
            "quantity_name",
            id="unknown quantity",
        ),
        pytest.param(
            replace(gust_condition(), basis=Basis.PROBABILITY, aggregation=Aggregation.ANY_WET),
            Code.NO_PROBABILITY,
            "basis",
            id="a probability of wind",
        ),
        pytest.param(
            replace(thunder_condition(), comparison=Comparison.AT_MOST),
            Code.COMPARISON_MISMATCH,
            "comparison",
            id="at most a thunderstorm",
        ),
        pytest.param(
            replace(thunder_condition(), levels=(Level(Severity.MINOR, 1.0, 1.0),)),
            Code.NO_CODES,
            "codes",
            id="a level without kinds of weather",
        ),
        pytest.param(
            replace(pressure_condition(), levels=(Level(Severity.MINOR, 3.6, 5.0),)),
            Code.WRONG_SIGN,
            "threshold",
            id="a fall above zero",
        ),
        pytest.param(
            replace(pressure_condition(), levels=(Level(Severity.MINOR, -3.6, 1.0),)),
            Code.WRONG_SIGN,
            "threshold",
            id="a fall that ends with a rise",
        ),
        pytest.param(
            replace(RISE, levels=(Level(Severity.MINOR, 0.0, 0.0),)),
            Code.WRONG_SIGN,
            "threshold",
            id="a rise of nothing",
        ),
    ],
)
def test_a_condition_that_cannot_be_is_named(condition, code, field):
    (problem,) = find_problems(make_rule(condition))

    assert (problem.code, problem.field, problem.condition) == (code, field, 0)


def test_four_conditions_are_too_many():
    (problem,) = find_problems(make_rule(*[gust_condition()] * 4))

    assert problem.code is Code.TOO_MANY_CONDITIONS


@pytest.mark.parametrize("month", [0, 13])
def test_a_month_that_is_none_is_named(month):
    (problem,) = find_problems(make_rule(months=frozenset({month})))

    assert (problem.code, problem.field) == (Code.MONTH_OUT_OF_RANGE, "months")
