"""Every reason why a rule cannot be has words, and the words have no holes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.cast import gust_condition, make_rule, pressure_condition
from weatherapp.admin.rules_problems import describe_problem
from weatherapp.alerting.engine.problems import Code, Problem
from weatherapp.display.weather_codes import WORDS
from weatherapp.domain.conditions import Comparison
from weatherapp.domain.weather_codes import WEATHER_CODES


@pytest.mark.parametrize("comparison", Comparison)
@pytest.mark.parametrize("code", Code)
def test_every_problem_has_words(code, comparison):
    for condition in (gust_condition(), pressure_condition()):
        says = make_rule(replace(condition, comparison=comparison))

        words = describe_problem(Problem(code, "threshold", 0, 0), says)

        assert words.endswith(".")
        assert "  " not in words
        assert " ." not in words


def test_no_two_problems_have_the_same_words():
    words = {describe_problem(Problem(code, "x", 0, 0), make_rule()) for code in Code}

    assert len(words) == len(Code)


def test_every_kind_of_weather_that_a_rule_can_name_has_a_word():
    assert set(WEATHER_CODES) == set(WORDS)
