"""The bars of a place in a list."""

from itertools import pairwise

import pytest

from tests.factories import NOON
from weatherapp.models import Prediction
from weatherapp.pages import chart
from weatherapp.pages.outlook import make_outlook


def draw(*hourly):
    prediction = Prediction(
        window_end_at=NOON,
        hourly_probability=[*hourly, *(0.2,) * (24 - len(hourly))],
        probability_any_6h=1.0,
        probability_any_24h=1.0,
    )
    return chart.draw_strip(make_outlook(prediction, now=NOON))


def test_bars_stand_on_the_base_and_are_as_high_as_their_probability():
    bars = draw(0.0, 0.5, 1.0)

    assert len(bars) == 24
    assert [bar.height for bar in bars[:3]] == [0.0, 20.0, 40.0]
    assert all(bar.y + bar.height == pytest.approx(chart.STRIP_HEIGHT) for bar in bars)


def test_bars_share_the_width_without_touching():
    bars = draw()

    assert bars[0].x > 0
    assert bars[-1].x + bars[-1].width < 100
    assert all(one.x + one.width < other.x for one, other in pairwise(bars))
