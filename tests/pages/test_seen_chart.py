"""Each kind of condition is drawn with all of its thresholds, in the unit that they are of."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tests.factories import NOON, make_evidence
from weatherapp.alerting.catalogue import BY_KEY
from weatherapp.models.evidence import parse_evidence
from weatherapp.pages.seen_chart import BASE, TOP, draw_seen
from weatherapp.pages.seen_levels import LABEL_HEIGHT

HOUR = timedelta(hours=1)
ZONE = ZoneInfo("Europe/Dublin")


def draw(key, *values, value=1.0, says=None):
    rule = BY_KEY[key].says
    seen = [[(NOON + index * HOUR).isoformat(), one] for index, one in enumerate(values)]
    evidence = parse_evidence(make_evidence(value, rule, seen=seen), "test")
    return draw_seen(evidence.conditions[0], says or rule, ZONE)


def test_a_sum_has_its_hours_and_the_running_sum_up_to_the_thresholds():
    chart = draw("heavy-rain", 5.0, 10.0, 5.0, value=20.0)

    assert [hour.sum_so_far for hour in chart.hours] == [5.0, 15.0, 20.0]
    marks = {mark.severity.value: mark for mark in chart.marks}
    assert list(marks) == ["Extreme", "Severe", "Moderate"]
    assert chart.lines[0].y1 == BASE
    assert chart.lines[-1].y2 == marks["Moderate"].y
    assert chart.recovery_y > marks["Moderate"].y
    assert chart.bars[1].height == pytest.approx(2 * chart.bars[0].height, abs=0.002)


def test_a_change_is_measured_from_the_first_hour_and_not_from_zero():
    chart = draw("pressure-fall", 1010.0, 1008.0, 1007.0, 1006.4, value=-3.6)

    minor, moderate = chart.marks
    assert chart.bars == ()
    assert (chart.lines[0].x1, chart.lines[-1].x2) == (0.0, 100.0)
    assert (chart.lines[0].y1, chart.lines[-1].y2) == (TOP, minor.y)
    assert moderate.y == BASE


def test_codes_are_as_high_as_their_severity():
    chart = draw("thunderstorm", 3, 95, 96, 99)

    severe, moderate, minor = (mark.y for mark in chart.marks)
    assert [bar.y for bar in chart.bars] == [BASE, minor, moderate, severe]
    assert chart.hours[3].weather == "Thunderstorm with heavy hail"
    assert chart.recovery_y is None


def test_a_probability_has_its_hours_and_the_chance_of_any_on_a_scale_of_one():
    chart = draw("rain-6h", 0.5, 0.25, value=0.6)

    (mark,) = chart.marks
    (line,) = chart.lines
    assert (line.y1, line.y2) == (mark.y, mark.y)
    assert chart.bars[0].height == (BASE - TOP) / 2


def test_an_hour_that_is_not_known_leaves_a_gap():
    rule = BY_KEY["storm-gusts"].says
    seen = [[(NOON + step * HOUR).isoformat(), 20.0] for step in (0, 2)]
    evidence = parse_evidence(make_evidence(20.0, rule, seen=seen), "test")

    first, last = draw_seen(evidence.conditions[0], rule, ZONE).bars

    assert last.x - first.x == pytest.approx(200 / 3, abs=0.01)


def test_words_of_thresholds_do_not_lie_on_each_other():
    chart = draw("severe-cold", -25.0, -2000.0, value=-25.0)

    heights = [mark.label_y for mark in chart.marks]
    assert all(later - one >= LABEL_HEIGHT for one, later in pairwise(heights))


def test_a_rule_that_says_something_else_lends_no_thresholds():
    others = BY_KEY["frost"].says
    shorter = replace(others, conditions=(replace(others.conditions[0], hours=2),))

    assert draw("frost", -1.0, says=shorter).marks == ()
    assert draw("thunderstorm", 95, says=others) is None
