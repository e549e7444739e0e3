"""What the home page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Max

from weatherapp.models import Alert, Place, Prediction, PredictionRequest, Reading, RuleState
from weatherapp.models.alert import OPEN_STATES
from weatherapp.pages.alert_line import AlertLine, make_alert_line, sort_worst_first
from weatherapp.pages.chart import Bar, draw_strip
from weatherapp.pages.newest import (
    read_newest_predictions,
    read_newest_readings,
    read_newest_requests,
)
from weatherapp.pages.news import newest_change_id, read_news
from weatherapp.pages.outlook import Outlook, make_outlook
from weatherapp.pages.replay import Clocks, read_clocks
from weatherapp.pages.standing import (
    PredictionStanding,
    RuleLine,
    is_fetch_failing,
    judge_prediction,
    judge_rule,
)
from weatherapp.pages.words import count

PLACES_A_PAGE = 30
ENDED_SHOWN = 6


@dataclass(frozen=True, slots=True)
class PlaceLine:
    place: Place
    now: datetime  # the place's clock
    standing: PredictionStanding
    outlook: Outlook | None
    strip: tuple[Bar, ...]
    reading: Reading | None
    rules: tuple[RuleLine, ...]
    is_fetch_failing: bool

    @property
    def headline(self) -> str:
        return self.outlook.headline(self.place.zone) if self.outlook else "No data"

    @property
    def rules_without_data(self) -> tuple[RuleLine, ...]:
        return tuple(line for line in self.rules if line.state == RuleState.NO_DATA)


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
    places = Paginator(Place.objects.active().prefetch_related("rules"), PLACES_A_PAGE)
    shown = places.get_page(page)
    return HomePage(
        now=now,
        alerts=sort_worst_first(make_alert_line(row, clocks) for row in _read_open_alerts()),
        lines=_make_place_lines(list(shown.object_list), clocks),
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


def _make_place_lines(places: Sequence[Place], clocks: Clocks) -> tuple[PlaceLine, ...]:
    predictions = read_newest_predictions(places)
    requests = read_newest_requests(places)
    readings = read_newest_readings(places)
    return tuple(
        _make_place_line(
            place,
            clocks,
            predictions.get(place.pk),
            requests.get(place.pk),
            readings.get(place.pk),
        )
        for place in places
    )


def _make_place_line(
    place: Place,
    clocks: Clocks,
    prediction: Prediction | None,
    request: PredictionRequest | None,
    reading: Reading | None,
) -> PlaceLine:
    now = clocks.at(place)
    standing = judge_prediction(
        prediction,
        request,
        now=clocks.now,
        place_now=now,
        fresh_for=settings.PREDICTION_FRESH,
    )
    outlook = make_outlook(prediction, now=now) if prediction and standing.is_fresh else None
    rules = (rule for rule in place.rules.all() if rule.is_active)
    return PlaceLine(
        place=place,
        now=now,
        standing=standing,
        outlook=outlook,
        strip=draw_strip(outlook, place.zone) if outlook else (),
        reading=reading,
        rules=tuple(judge_rule(rule, standing) for rule in rules),
        is_fetch_failing=is_fetch_failing(place),
    )
