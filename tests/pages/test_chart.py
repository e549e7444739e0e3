"""The shapes of the probability chart."""

from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from tests.factories import NOON, rain_soon, storm_gusts
from tests.pages.markup import read
from weatherapp.alerting.rulebook import RuleInForce
from weatherapp.domain.formatting import NBSP
from weatherapp.models import Prediction, RuleScope, SourceForecast
from weatherapp.pages import chart
from weatherapp.pages.outlook import make_outlook

DUBLIN = ZoneInfo("Europe/Dublin")
HOURLY = (0.0, 0.5, 1.0, *(0.2,) * 21)


def outlook_of(hourly=HOURLY, *, near=1.0, far=1.0, now=NOON, forecast=None):
    prediction = Prediction(
        window_end_at=NOON,
        hourly_probability=list(hourly),
        probability_any_6h=near,
        probability_any_24h=far,
    )
    return make_outlook(prediction, now=now, forecast=forecast)


def draw(outlook, rules=()):
    return chart.draw_probability_chart(outlook, rules, DUBLIN)


def show(outlook, rules=()):
    """The chart as a page has it: by the clock of its place."""
    shown = {"chart": draw(outlook, rules), "outlook": outlook}
    with timezone.override(DUBLIN):
        return read(render_to_string("place/probability_chart.html", shown))


def test_bars_stand_on_the_base_and_are_as_high_as_their_probability():
    bars = draw(outlook_of()).bars

    assert len(bars) == 24
    assert [bar.height for bar in bars[:3]] == [0.0, 90.0, 180.0]
    assert all(bar.y + bar.height == pytest.approx(chart.BASE) for bar in bars)
    assert bars[2].y == chart.TOP


def test_bars_share_the_width_without_touching():
    bars = draw(outlook_of()).bars

    assert bars[0].x > 0
    assert bars[-1].x + bars[-1].width < 100
    assert all(one.x + one.width < other.x for one, other in pairwise(bars))


def test_bar_names_its_local_hours():
    moved = Prediction(
        window_end_at=NOON.replace(month=7),
        hourly_probability=[0.34, *HOURLY[1:]],
        probability_any_6h=0.5,
        probability_any_24h=0.6,
    )
    winter, summer = show(outlook_of()), show(make_outlook(moved, now=NOON))

    assert f"13:00 to 14:00: 50{NBSP}%" in [title.text for title in winter.all("title")]
    assert f"13:00 to 14:00: 34{NBSP}%" in [title.text for title in summer.all("title")]


def test_staircase_never_falls_and_is_never_below_a_bar():
    outlook = outlook_of((0.1, 0.4, 0.2, 0.5, *(0.1,) * 20), near=0.6, far=0.8)
    drawn = draw(outlook)
    levels = [step for step in drawn.by_then if step.y1 == step.y2]

    assert len(levels) == 24
    assert all(one.y1 >= other.y1 for one, other in pairwise(levels))
    assert all(level.y1 <= bar.y for level, bar in zip(levels, drawn.bars, strict=True))
    assert levels[5].y1 == pytest.approx(chart.TOP + chart.PLOT_HEIGHT * 0.4)  # any in 6 h: 0.6


def make_rule_in_force(says) -> RuleInForce:
    return RuleInForce(1, "Rain soon", 1, 1, says, RuleScope.ALL, frozenset(), frozenset(), NOON)


def test_rules_about_other_weather_have_no_line_among_probabilities():
    assert draw(outlook_of(), [make_rule_in_force(storm_gusts())]).thresholds == ()


def test_threshold_ends_where_the_rules_window_ends():
    rule = make_rule_in_force(rain_soon(6, threshold=0.6))
    outlook = outlook_of((0.1,) * 24, near=0.5, far=0.9)
    mark = draw(outlook, [rule]).thresholds[0]

    assert (mark.line.x1, mark.line.x2) == (0.0, 25.0)
    assert mark.line.y1 == pytest.approx(chart.TOP + chart.PLOT_HEIGHT * 0.4)
    assert not mark.is_raised
    assert f"Rain soon: 60{NBSP}%" in show(outlook, [rule]).all("li")[2].text


def test_threshold_that_the_staircase_meets_is_raised():
    rule = make_rule_in_force(rain_soon(6, threshold=0.6))

    assert draw(outlook_of((0.1,) * 24, near=0.6, far=0.9), [rule]).thresholds[0].is_raised


def test_hours_gone_by_are_marked_and_now_has_a_place():
    drawn = draw(outlook_of(now=NOON + timedelta(hours=2, minutes=30)))

    assert [bar.hour.is_past for bar in drawn.bars[:4]] == [True, True, False, False]
    assert drawn.now_x == pytest.approx(10.417)
    assert drawn.has_past


def test_source_is_drawn_only_where_it_says_something():
    forecast = SourceForecast(
        first_at=NOON + timedelta(hours=1), columns={"precipitation_probability": [0.5, None]}
    )
    marks = draw(outlook_of(forecast=forecast)).source_marks

    assert len(marks) == 1
    assert marks[0].y1 == marks[0].y2 == chart.TOP + chart.PLOT_HEIGHT / 2
    assert 0 < marks[0].x1 < marks[0].x2 < 100 / 24


def test_description_tells_the_chart_in_words():
    hourly = (0.1, 0.2, 0.6, *(0.2,) * 21)
    text = show(outlook_of(hourly, near=0.72, far=0.88)).one("desc").text

    assert "from Thursday 12:00 to Friday 12:00 GMT" in text
    assert f"14:00 to 15:00 with 60{NBSP}%" in text
    assert f"within 6 hours: 72{NBSP}%; within 24 hours: 88{NBSP}%" in text


def test_axis_names_hours_and_the_day_that_begins():
    names = [text.text for text in show(outlook_of()).all("text")]

    assert names[5:12] == ["12:00", "15:00", "18:00", "21:00", "Fri 2 Jan", "00:00", "03:00"]


def test_strip_fills_its_height_with_the_same_bars():
    strip = chart.draw_strip(outlook_of())

    assert strip[2].height == chart.STRIP_HEIGHT
    assert len(strip) == 24
