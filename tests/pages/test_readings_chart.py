"""The past day, with its gaps."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string

from tests.factories import NOON
from tests.pages.markup import read
from weatherapp.domain.formatting import NBSP
from weatherapp.models import Reading
from weatherapp.pages import readings_chart

HOUR = timedelta(hours=1)


def readings(ages, **values):
    calm = {"temperature_c": 12.0, "precipitation_mm": 0.0}
    return [Reading(observed_at=NOON - age * HOUR, **(calm | values)) for age in ages]


def draw(rows):
    return readings_chart.draw_readings_chart(rows, ZoneInfo("UTC"))


def show(rows):
    return read(render_to_string("place/readings_chart.html", {"chart": draw(rows)}))


def test_rows_are_a_whole_day_up_to_the_newest_reading_with_gaps():
    rows = readings_chart.list_rows(readings([0, 1, 3]))

    assert len(rows) == 24
    assert rows[-1].observed_at == NOON
    assert [row.reading is None for row in rows[-4:]] == [False, True, False, False]


def test_no_readings_no_rows():
    assert readings_chart.list_rows([]) == ()


def test_temperature_line_is_open_where_a_reading_is_missing():
    whole = draw(readings_chart.list_rows(readings(range(24))))
    broken = draw(readings_chart.list_rows(readings([age for age in range(24) if age != 5])))

    assert len(whole.temperature) == 23
    assert len(broken.temperature) == 21


def test_missing_hour_is_marked_and_not_drawn_as_dry():
    page = show(readings_chart.list_rows(readings([age for age in range(24) if age != 5])))

    (gap,) = page.all("rect", **{"class": "gap"})[:1]
    assert "Hour to 07:00: no reading" in [title.text for title in page.all("title")]
    assert "Hours without a reading: 1." in page.one("desc").text
    assert gap.attributes["height"] == "4.0"


def test_calm_day_lies_flat_in_the_middle():
    drawn = draw(readings_chart.list_rows(readings(range(24))))
    middle = readings_chart.TOP + readings_chart.TEMPERATURE_HEIGHT / 2

    assert {line.y1 for line in drawn.temperature} == {middle}
    assert [label.text for label in drawn.temperature_labels] == ["15°", "9°"]


def test_heaviest_hour_reaches_the_top_of_its_scale():
    rows = readings_chart.list_rows(readings(range(1, 24)) + readings([0], precipitation_mm=7.9))
    (bar,) = draw(rows).rain

    assert bar.y == pytest.approx(readings_chart.RAIN_TOP)
    assert f"Hour to 12:00: 7.9{NBSP}mm" in [title.text for title in show(rows).all("title")]
    assert f"in 24 hours: 7.9{NBSP}mm. Temperature 12.0{NBSP}°C to" in show(rows).one("desc").text
    assert readings_chart.sum_rain_mm(rows) == pytest.approx(7.9)


def test_day_without_any_value_draws_nothing_and_does_not_fail():
    rows = readings_chart.list_rows(readings(range(24), temperature_c=None, precipitation_mm=None))
    drawn = draw(rows)

    assert drawn.temperature == drawn.rain == drawn.temperature_labels == ()
    assert len(drawn.gaps) == 24
