"""What the home page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Max

from weatherapp.models import Alert, Place
from weatherapp.models.alert import OPEN_STATES
from weatherapp.pages.alert_line import AlertLine, make_alert_line, sort_worst_first
from weatherapp.pages.news import newest_change_id, read_news
from weatherapp.pages.place_line import PlaceLine, read_place_lines
from weatherapp.pages.replay import read_clocks
from weatherapp.pages.words import count

PLACES_A_PAGE = 30
ENDED_SHOWN = 6


@dataclass(frozen=True, slots=True)
class HomePage:
    now: datetime
    alerts: tuple[AlertLine, ...]
    lines: tuple[PlaceLine, ...]
    places: Page[Place]
    ended: tuple[AlertLine, ...]
    seen: int
    news: str

    @property
    def lines_without_data(self) -> tuple[PlaceLine, ...]:
        return tuple(line for line in self.lines if line.rules_without_data)

    @property
    def headline(self) -> str:
        """What matters most, first."""
        if not self.places.paginator.count and not self.alerts:
            return "No places yet"
        confirmed = sum(line.is_confirmed for line in self.alerts)
        unconfirmed = len(self.alerts) - confirmed
        parts = [f"{count(confirmed, 'alert is', 'alerts are')} active"] if confirmed else []
        if unconfirmed:
            parts.append(f"{count(unconfirmed, 'alert has', 'alerts have')} no data to confirm it")
        return ", ".join(parts) or "No active alerts"

    @property
    def silence(self) -> str:
        """Rules that say nothing, because there is nothing to go by."""
        rules = sum(len(line.rules_without_data) for line in self.lines)
        return f"{count(rules, 'rule has', 'rules have')} no data" if rules else ""


def read_home(*, now: datetime, seen: int | None = None, page: str | None = None) -> HomePage:
    """`now` is real time; `seen` the newest change that the reader knows of."""
    clocks = read_clocks(now)
    alerts = _read_open_alerts()
    places = Paginator(Place.objects.active().prefetch_related("rules"), PLACES_A_PAGE)
    shown = places.get_page(page)
    return HomePage(
        now=now,
        alerts=sort_worst_first(make_alert_line(row, clocks) for row in alerts),
        lines=read_place_lines(
            list(shown.object_list),
            clocks,
            alerted_rule_ids=(alert.rule_id for alert in alerts),
        ),
        places=shown,
        ended=tuple(make_alert_line(row, clocks) for row in _read_ended_alerts()),
        seen=newest_change_id(),
        news=read_news(seen),
    )


def _read_open_alerts() -> Sequence[Alert]:
    return list(Alert.objects.open().select_related("place", "rule"))


def _read_ended_alerts() -> Sequence[Alert]:
    # By the order in which they ended here: replayed times do not compare with today's.
    return list(
        Alert.objects.exclude(state__in=OPEN_STATES)
        .select_related("place", "rule")
        .annotate(last_change=Max("changes__pk"))
        .order_by("-last_change")[:ENDED_SHOWN]
    )
