"""Alerts and events over time -> bars that a template writes as SVG. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from weatherapp.alerting.engine.backtest import PastAlert, PastEvent
from weatherapp.domain.cap import LEVELS
from weatherapp.domain.spans import Span

NARROWEST = 0.25  # % of the width: an hour of a year can still be seen
LANE_HEIGHT = 30.0  # px
BAR_HEIGHT = 18.0
MOST_TICKS = 13


@dataclass(frozen=True, slots=True)
class Bar:
    """`x` and `width` in % of the width, `y` in px; `severity` empty: an event."""

    x: float
    width: float
    y: float
    starts_at: datetime
    ends_at: datetime
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Timeline:
    """Four lanes from top to bottom; what is long ago is on the left."""

    span: Span
    hits: tuple[Bar, ...]
    false_alarms: tuple[Bar, ...]
    met: tuple[Bar, ...]
    missed: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    base: float = 4 * LANE_HEIGHT
    height: float = 4 * LANE_HEIGHT + 24
    bar_height: float = BAR_HEIGHT
    severities: tuple[str, ...] = tuple(level.value for level in LEVELS)

    @property
    def is_long(self) -> bool:
        """Whether months are what the ticks tell, and not days."""
        return self.span.ends_at - self.span.starts_at > timedelta(days=62)


def draw(
    span: Span, alerts: Sequence[PastAlert], events: Sequence[PastEvent], zone: tzinfo
) -> Timeline:
    return Timeline(
        span=span,
        hits=tuple(_draw_alerts(span, (one for one in alerts if one.is_hit), lane=0)),
        false_alarms=tuple(_draw_alerts(span, (one for one in alerts if not one.is_hit), lane=1)),
        met=tuple(_draw_events(span, (one for one in events if one.lead is not None), lane=2)),
        missed=tuple(_draw_events(span, (one for one in events if one.lead is None), lane=3)),
        ticks=tuple(Tick(_across(span, at), at) for at in _find_ticks(span, zone)),
    )


def _draw_alerts(span: Span, alerts: Iterator[PastAlert], *, lane: int) -> Iterator[Bar]:
    for alert in alerts:
        ends_at = alert.ends_at or span.ends_at
        yield _draw(span, Span(alert.raised_at, ends_at), lane, alert.severity.value)


def _draw_events(span: Span, events: Iterator[PastEvent], *, lane: int) -> Iterator[Bar]:
    for event in events:
        yield _draw(span, event.span, lane)


def _draw(whole: Span, part: Span, lane: int, severity: str = "") -> Bar:
    x = _across(whole, part.starts_at)
    width = max(_across(whole, part.ends_at) - x, NARROWEST)
    y = lane * LANE_HEIGHT + (LANE_HEIGHT - BAR_HEIGHT) / 2
    return Bar(x, round(width, 3), y, part.starts_at, part.ends_at, severity)


def _across(span: Span, at: datetime) -> float:
    """% of the width."""
    share = (at - span.starts_at) / (span.ends_at - span.starts_at)
    return round(100 * min(max(share, 0.0), 1.0), 3)


def _find_ticks(span: Span, zone: tzinfo) -> list[datetime]:
    """Beginnings of local months, or of days, at most MOST_TICKS and evenly apart."""
    midnight = span.starts_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    days = (span.ends_at - span.starts_at) // timedelta(days=1) + 2
    # The same wall clock, whatever summer time does.
    midnights = [midnight + timedelta(days=number) for number in range(days)]
    if days > 62:
        midnights = [at for at in midnights if at.day == 1]
    inside = [at for at in midnights if span.starts_at <= at <= span.ends_at]
    return inside[:: len(inside) // MOST_TICKS + 1]
