"""The chart of the past day: temperature above, precipitation below. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from weatherapp.display.values import show_about_number
from weatherapp.domain.quantities import BY_NAME
from weatherapp.models import Reading
from weatherapp.pages.axis import Tick, make_ticks, place_across

HOUR = timedelta(hours=1)
HOURS = 24
TOP = 26.0  # px
TEMPERATURE_HEIGHT = 70.0
GAP = 22.0
RAIN_HEIGHT = 64.0
RAIN_TOP = TOP + TEMPERATURE_HEIGHT + GAP
BASE = RAIN_TOP + RAIN_HEIGHT
HEIGHT = BASE + 26.0
BAR_SHARE = 0.72
GAP_HEIGHT = 4.0
LEAST_TEMPERATURE_SPAN_C = 6.0  # a calm day must not look like a wild one
LEAST_RAIN_SPAN_MM = 2.0


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One hour of the past day; `reading` None where nothing arrived."""

    observed_at: datetime
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A line; across in %, down in px."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class ReadingBar:
    """`x` and `width` in % of the chart's width, `y` and `height` in px."""

    x: float
    y: float
    width: float
    height: float
    row: ReadingRow


@dataclass(frozen=True, slots=True)
class Label:
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class ReadingsChart:
    height: float
    top: float
    base: float
    temperature: tuple[Segment, ...]
    rain: tuple[ReadingBar, ...]
    gaps: tuple[ReadingBar, ...]
    temperature_labels: tuple[Label, ...]
    rain_labels: tuple[Label, ...]
    ticks: tuple[Tick, ...]
    rain_mm: float
    temperature_low_c: float | None
    temperature_high_c: float | None
    missing_hours: int


@dataclass(frozen=True, slots=True)
class Scale:
    """Values to px between `top` and `bottom`."""

    low: float
    high: float
    top: float
    bottom: float

    def down(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.bottom - share * (self.bottom - self.top), 2)


def list_rows(readings: Sequence[Reading]) -> tuple[ReadingRow, ...]:
    """A row for each of the HOURS up to the newest reading, oldest first, gaps included."""
    if not readings:
        return ()
    by_hour = {reading.observed_at: reading for reading in readings}
    end_at = max(by_hour)
    hours = (end_at - age * HOUR for age in reversed(range(HOURS)))
    return tuple(ReadingRow(hour, by_hour.get(hour)) for hour in hours)


def draw_readings_chart(rows: Sequence[ReadingRow], zone: ZoneInfo) -> ReadingsChart:
    temperature, rain = _scale_temperature(rows), _scale_rain(rows)
    temperatures = _temperatures(rows)
    bounds = [rows[0].observed_at - HOUR, *(row.observed_at for row in rows)]
    return ReadingsChart(
        height=HEIGHT,
        top=TOP,
        base=BASE,
        temperature=_draw_temperature(rows, temperature) if temperature else (),
        rain=_draw_rain(rows, rain),
        gaps=_draw_gaps(rows),
        temperature_labels=_label("temperature_c", temperature, "°") if temperature else (),
        rain_labels=_label("precipitation_mm", rain),
        ticks=make_ticks(bounds, zone),
        rain_mm=sum_rain_mm(rows),
        temperature_low_c=min(temperatures, default=None),
        temperature_high_c=max(temperatures, default=None),
        missing_hours=sum(row.reading is None for row in rows),
    )


def sum_rain_mm(rows: Sequence[ReadingRow]) -> float:
    return sum(_rains(rows))


def _temperatures(rows: Sequence[ReadingRow]) -> list[float]:
    values = (row.reading.temperature_c for row in rows if row.reading)
    return [value for value in values if value is not None]


def _rains(rows: Sequence[ReadingRow]) -> list[float]:
    values = (row.reading.precipitation_mm for row in rows if row.reading)
    return [value for value in values if value is not None]


def _scale_temperature(rows: Sequence[ReadingRow]) -> Scale | None:
    values = _temperatures(rows)
    if not values:
        return None
    middle = (min(values) + max(values)) / 2
    half = max(max(values) - min(values), LEAST_TEMPERATURE_SPAN_C) / 2
    return Scale(middle - half, middle + half, TOP, TOP + TEMPERATURE_HEIGHT)


def _scale_rain(rows: Sequence[ReadingRow]) -> Scale:
    high = max([LEAST_RAIN_SPAN_MM, *_rains(rows)])
    return Scale(0.0, round(high, 1), RAIN_TOP, BASE)


def _label(name: str, scale: Scale, sign: str = "") -> tuple[Label, ...]:
    """The ends of a scale, in the reader's units."""
    ends = ((scale.top, scale.high), (scale.bottom, scale.low))
    return tuple(Label(y, show_about_number(BY_NAME[name], value) + sign) for y, value in ends)


def _draw_temperature(rows: Sequence[ReadingRow], scale: Scale) -> tuple[Segment, ...]:
    """Values are instants, so they sit at the right edge of their hour; gaps stay open."""
    points = [
        None
        if row.reading is None or row.reading.temperature_c is None
        else (place_across(index + 1, len(rows)), scale.down(row.reading.temperature_c))
        for index, row in enumerate(rows)
    ]
    return tuple(
        Segment(*one, *other)
        for one, other in pairwise(points)
        if one is not None and other is not None
    )


def _draw_rain(rows: Sequence[ReadingRow], scale: Scale) -> tuple[ReadingBar, ...]:
    bars = []
    for index, row in enumerate(rows):
        amount_mm = row.reading.precipitation_mm if row.reading else None
        if amount_mm:
            y = scale.down(amount_mm)
            bars.append(_make_bar(rows, index, y, scale.bottom - y))
    return tuple(bars)


def _draw_gaps(rows: Sequence[ReadingRow]) -> tuple[ReadingBar, ...]:
    return tuple(
        _make_bar(rows, index, BASE - GAP_HEIGHT, GAP_HEIGHT)
        for index, row in enumerate(rows)
        if row.reading is None or row.reading.precipitation_mm is None
    )


def _make_bar(rows: Sequence[ReadingRow], index: int, y: float, height: float) -> ReadingBar:
    return ReadingBar(
        x=place_across(index + (1 - BAR_SHARE) / 2, len(rows)),
        y=y,
        width=place_across(BAR_SHARE, len(rows)),
        height=round(height, 2),
        row=rows[index],
    )
