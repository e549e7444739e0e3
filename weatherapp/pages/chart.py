"""Bars of an outlook, small enough for a list of places. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from weatherapp.pages.axis import place_across
from weatherapp.pages.outlook import Outlook, OutlookHour

BAR_SHARE = 0.72  # of a column
STRIP_HEIGHT = 40.0  # px


@dataclass(frozen=True, slots=True)
class Bar:
    """`x` and `width` in % of the chart's width, `y` and `height` in px."""

    x: float
    y: float
    width: float
    height: float
    hour: OutlookHour


@dataclass(frozen=True, slots=True)
class Segment:
    """A line; across in %, down in px."""

    x1: float
    y1: float
    x2: float
    y2: float


def draw_strip(outlook: Outlook) -> tuple[Bar, ...]:
    count = len(outlook.hours)
    return tuple(
        Bar(
            x=place_across(index + (1 - BAR_SHARE) / 2, count),
            y=round(STRIP_HEIGHT * (1 - hour.probability), 2),
            width=place_across(BAR_SHARE, count),
            height=round(STRIP_HEIGHT * hour.probability, 2),
            hour=hour,
        )
        for index, hour in enumerate(outlook.hours)
    )
