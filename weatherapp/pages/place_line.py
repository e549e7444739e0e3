"""A place as the home page lists it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from weatherapp.alerting.engine.facts import Facts
from weatherapp.domain.spans import HOUR
from weatherapp.models import Place, Prediction, Reading, SourceForecast
from weatherapp.pages.alert_line import AlertLine
from weatherapp.pages.chart import Bar, draw_strip
from weatherapp.pages.coming import Coming, read_coming
from weatherapp.pages.freshness import PredictionFreshness, find_freshness, is_fetch_failing
from weatherapp.pages.newest import (
    read_last_readings,
    read_newest_predictions,
    read_newest_requests,
    read_newest_runs,
)
from weatherapp.pages.outlook import Outlook, make_outlook
from weatherapp.pages.place_rows import FRESH_HOURS, make_forecast, make_measured
from weatherapp.pages.replay import Clocks

ALERTS_SHOWN = 4
PAST = (3 + FRESH_HOURS + 1) * HOUR  # of measurements: the pressure's change in three hours


@dataclass(frozen=True, slots=True)
class PlaceLine:
    place: Place
    now: datetime  # the place's clock
    alerts: tuple[AlertLine, ...]
    freshness: PredictionFreshness
    outlook: Outlook | None
    strip: tuple[Bar, ...]
    coming: Coming
    reading: Reading | None
    is_fetch_failing: bool

    @property
    def worst_alerts(self) -> tuple[AlertLine, ...]:
        return self.alerts[:ALERTS_SHOWN]

    @property
    def more_alerts(self) -> int:
        """Those that only the place's own page shows."""
        return max(len(self.alerts) - ALERTS_SHOWN, 0)


def read_place_lines(
    places: Sequence[Place], clocks: Clocks, alerts: Mapping[int, tuple[AlertLine, ...]]
) -> tuple[PlaceLine, ...]:
    """`alerts` are the open ones by place id; the number of queries does not grow with places."""
    if not places:
        return ()
    times = {place.pk: clocks.at(place) for place in places}
    predictions = read_newest_predictions(places, now=clocks.now)
    requests = read_newest_requests(places)
    longest = PAST + max(place.fresh_longer for place in places)
    readings = read_last_readings(places, times, length=longest)
    runs = read_newest_runs(places, now=clocks.now)
    lines = []
    for place in places:
        freshness = find_freshness(
            predictions.get(place.pk),
            requests.get(place.pk),
            now=clocks.now,
            place_now=times[place.pk],
            fresh_for=settings.PREDICTION_FRESH + place.fresh_longer,
        )
        lines.append(
            _make_line(
                place,
                times[place.pk],
                alerts.get(place.pk, ()),
                freshness,
                make_facts(place, runs.get(place.pk), readings.get(place.pk, ()), times[place.pk]),
                next(iter(readings.get(place.pk, ())), None),
            )
        )
    return tuple(lines)


def make_facts(
    place: Place, run: SourceForecast | None, readings: Sequence[Reading], now: datetime
) -> Facts:
    """As much as tells what is coming; `now` is the place's clock."""
    longer = place.fresh_longer
    return Facts(
        measured=make_measured(readings, now - PAST - longer),
        forecast=make_forecast(run),
        fresh_longer=longer,
    )


def _make_line(
    place: Place,
    now: datetime,
    alerts: tuple[AlertLine, ...],
    freshness: PredictionFreshness,
    facts: Facts,
    reading: Reading | None,
) -> PlaceLine:
    outlook = _make_outlook(freshness.prediction, now) if freshness.is_fresh else None
    return PlaceLine(
        place=place,
        now=now,
        alerts=alerts,
        freshness=freshness,
        outlook=outlook,
        strip=draw_strip(outlook) if outlook else (),
        coming=read_coming(facts, now=now),
        reading=reading,
        is_fetch_failing=is_fetch_failing(place),
    )


def _make_outlook(prediction: Prediction | None, now: datetime) -> Outlook | None:
    return make_outlook(prediction, now=now) if prediction else None
