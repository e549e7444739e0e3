"""The probability chart: an outlook and its rules -> shapes that a template writes as SVG. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from weatherapp.alerting.rulebook import RuleInForce
from weatherapp.display.values import show_percent as percent
from weatherapp.domain.conditions import Basis, Condition
from weatherapp.pages.axis import Tick, make_ticks, place_across, place_instant
from weatherapp.pages.outlook import Outlook, OutlookHour

TOP = 26.0  # px, room for the names of days
PLOT_HEIGHT = 180.0
BASE = TOP + PLOT_HEIGHT
HEIGHT = BASE + 26.0
BAR_SHARE = 0.72  # of a column
MARK_SHARE = 0.5
STRIP_HEIGHT = 40.0


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


@dataclass(frozen=True, slots=True)
class ThresholdMark:
    """From the start to the end of a rule's window, at its threshold."""

    line: Segment
    name: str
    percent: str
    is_raised: bool


@dataclass(frozen=True, slots=True)
class GridLine:
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class ProbabilityChart:
    height: float
    top: float
    base: float
    bars: tuple[Bar, ...]
    by_then: tuple[Segment, ...]  # a staircase that never falls
    source_marks: tuple[Segment, ...]
    thresholds: tuple[ThresholdMark, ...]
    grid: tuple[GridLine, ...]
    ticks: tuple[Tick, ...]
    now_x: float | None

    @property
    def has_past(self) -> bool:
        return any(bar.hour.is_past for bar in self.bars)


def draw_probability_chart(
    outlook: Outlook, rules: Iterable[RuleInForce], zone: ZoneInfo
) -> ProbabilityChart:
    """Bars: each hour. Staircase: any rain up to then, which is what the rules look at."""
    bounds = [outlook.starts_at, *(hour.ends_at for hour in outlook.hours)]
    return ProbabilityChart(
        height=HEIGHT,
        top=TOP,
        base=BASE,
        bars=_draw_bars(outlook, top=TOP, height=PLOT_HEIGHT),
        by_then=_draw_staircase(outlook),
        source_marks=_draw_source(outlook),
        thresholds=tuple(
            _draw_threshold(rule.name, condition, outlook)
            for rule in rules
            for condition in rule.says.conditions
            if condition.basis is Basis.PROBABILITY
        ),
        grid=tuple(GridLine(_down(share), percent(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)),
        ticks=make_ticks(bounds, zone),
        now_x=place_instant(outlook.now, bounds),
    )


def draw_strip(outlook: Outlook) -> tuple[Bar, ...]:
    """The same bars, small enough for a list of places."""
    return _draw_bars(outlook, top=0.0, height=STRIP_HEIGHT)


def _draw_bars(outlook: Outlook, *, top: float, height: float) -> tuple[Bar, ...]:
    count = len(outlook.hours)
    return tuple(
        Bar(
            x=place_across(index + (1 - BAR_SHARE) / 2, count),
            y=round(top + height * (1 - hour.probability), 2),
            width=place_across(BAR_SHARE, count),
            height=round(height * hour.probability, 2),
            hour=hour,
        )
        for index, hour in enumerate(outlook.hours)
    )


def _draw_staircase(outlook: Outlook) -> tuple[Segment, ...]:
    count = len(outlook.hours)
    steps: list[Segment] = []
    before = None
    for index, hour in enumerate(outlook.hours):
        left, y = place_across(index, count), _down(hour.by_then)
        if before is not None and before != y:
            steps.append(Segment(left, before, left, y))
        steps.append(Segment(left, y, place_across(index + 1, count), y))
        before = y
    return tuple(steps)


def _draw_source(outlook: Outlook) -> tuple[Segment, ...]:
    count = len(outlook.hours)
    indent = (1 - MARK_SHARE) / 2
    return tuple(
        Segment(place_across(index + indent, count), y, place_across(index + 1 - indent, count), y)
        for index, hour in enumerate(outlook.hours)
        if hour.source_probability is not None
        for y in (_down(hour.source_probability),)
    )


def _draw_threshold(name: str, condition: Condition, outlook: Outlook) -> ThresholdMark:
    threshold = condition.levels[0].threshold
    y = _down(threshold)
    end = place_across(condition.hours, len(outlook.hours))
    by_then = outlook.hours[condition.hours - 1].by_then
    return ThresholdMark(
        line=Segment(0.0, y, end, y),
        name=name,
        percent=percent(threshold),
        is_raised=by_then >= threshold,
    )


def _down(share: float) -> float:
    """0..1 -> px from the top."""
    return round(TOP + PLOT_HEIGHT * (1 - share), 2)
