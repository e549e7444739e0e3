"""A place as the home page lists it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from weatherapp.alerting.engine.facts import FRESH, Facts
from weatherapp.domain.conditions import Basis
from weatherapp.models import Place, Prediction, Reading
from weatherapp.pages.alert_line import AlertLine
from weatherapp.pages.coming import Coming, read_coming
from weatherapp.pages.freshness import PredictionFreshness, find_freshness, is_fetch_failing
from weatherapp.pages.newest import PlaceNow
from weatherapp.pages.outlook import Outlook, make_outlook
from weatherapp.pages.place_rows import make_forecast
from weatherapp.pages.place_steps import Steps, is_night_at, make_steps
from weatherapp.pages.replay import Clocks

ALERTS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class PlaceLine:
    place: Place
    now: datetime  # the place's clock
    alerts: tuple[AlertLine, ...]
    freshness: PredictionFreshness
    outlook: Outlook | None
    steps: Steps
    coming: Coming
    reading: Reading | None  # the newest, however old
    is_fetch_failing: bool

    @property
    def worst_alerts(self) -> tuple[AlertLine, ...]:
        return self.alerts[:ALERTS_SHOWN]

    @property
    def more_alerts(self) -> int:
        """Those that only the place's own page shows."""
        return max(len(self.alerts) - ALERTS_SHOWN, 0)

    @property
    def is_reading_fresh(self) -> bool:
        """Whether "now" may be said of it."""
        believed = FRESH[Basis.MEASURED] + self.place.fresh_longer
        return self.reading is not None and self.now - self.reading.observed_at <= believed

    @property
    def has_to_explain(self) -> bool:
        """Whether something that a line has is missing here."""
        is_forecast_missing = not self.coming.is_forecast_known and not self.place.is_replay
        is_silent = self.outlook is None or not self.is_reading_fresh
        return is_forecast_missing or is_silent or self.is_fetch_failing

    @property
    def is_night(self) -> bool:
        return is_night_at(self.place, self.now)

    @property
    def weather_code(self) -> float | None:
        """Of now: as measured, else as forecast."""
        measured = self.reading.weather_code if self.reading and self.is_reading_fresh else None
        return self.steps.weather_code if measured is None else measured


def make_place_lines(
    rows: Iterable[PlaceNow], clocks: Clocks, alerts: Mapping[int, tuple[AlertLine, ...]]
) -> tuple[PlaceLine, ...]:
    """`alerts` are the open ones by place id."""
    return tuple(_make_line(row, clocks, alerts.get(row.place.pk, ())) for row in rows)


def _make_line(row: PlaceNow, clocks: Clocks, alerts: tuple[AlertLine, ...]) -> PlaceLine:
    place, now = row.place, clocks.at(row.place)
    freshness = find_freshness(
        row.prediction,
        row.request,
        now=clocks.now,
        place_now=now,
        fresh_for=settings.PREDICTION_FRESH + place.fresh_longer,
    )
    outlook = _make_outlook(freshness.prediction, now) if freshness.is_fresh else None
    facts = make_facts(row)
    return PlaceLine(
        place=place,
        now=now,
        alerts=alerts,
        freshness=freshness,
        outlook=outlook,
        steps=make_steps(facts, outlook, place=place, now=now),
        coming=read_coming(facts, now=now),
        reading=row.reading,
        is_fetch_failing=is_fetch_failing(place),
    )


def make_facts(row: PlaceNow) -> Facts:
    """As much as tells what is coming: what was measured is said by itself."""
    longer: timedelta = row.place.fresh_longer
    return Facts(measured=None, forecast=make_forecast(row.run), fresh_longer=longer)


def _make_outlook(prediction: Prediction | None, now: datetime) -> Outlook | None:
    return make_outlook(prediction, now=now) if prediction else None
