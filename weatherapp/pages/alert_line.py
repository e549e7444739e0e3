"""An alert as lists and its own page show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from weatherapp.models import Alert
from weatherapp.pages.gauge import Gauge, draw_gauge
from weatherapp.pages.history import describe_alert
from weatherapp.pages.replay import Clocks
from weatherapp.pages.standing import is_confirmed
from weatherapp.pages.words import describe_hours, percent


@dataclass(frozen=True, slots=True)
class AlertLine:
    """`alert` has its rule and place."""

    alert: Alert
    now: datetime  # the place's clock
    is_confirmed: bool
    gauge: Gauge

    @property
    def state(self) -> str:
        return describe_alert(self.alert, is_confirmed=self.is_confirmed)

    @property
    def css_class(self) -> str:
        if not self.alert.is_open:
            return "over"
        return "active" if self.is_confirmed else "no-data"

    @property
    def percent(self) -> str:
        return percent(self.alert.probability)

    @property
    def peak_percent(self) -> str:
        return percent(self.alert.peak_probability)

    @property
    def window_words(self) -> str:
        return describe_hours(self.alert.rule.window_hours)


def make_alert_line(alert: Alert, clocks: Clocks) -> AlertLine:
    now = clocks.at(alert.place)
    return AlertLine(
        alert=alert,
        now=now,
        is_confirmed=is_confirmed(alert, place_now=now, fresh_for=settings.PREDICTION_FRESH),
        gauge=draw_gauge(
            alert.probability, threshold=alert.rule.threshold, margin=alert.rule.margin
        ),
    )


def sort_worst_first(lines: Iterable[AlertLine]) -> tuple[AlertLine, ...]:
    """Confirmed before unconfirmed, then the likelier, then the sooner."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                not line.is_confirmed,
                -line.alert.probability,
                line.alert.rule.window_hours,
                line.alert.pk,
            ),
        )
    )
