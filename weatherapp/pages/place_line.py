"""A place as the home page lists it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.known import read_facts
from weatherapp.models import Place, Prediction, Reading
from weatherapp.pages.alert_line import AlertLine
from weatherapp.pages.chart import Bar, draw_strip
from weatherapp.pages.coming import Coming, read_coming
from weatherapp.pages.freshness import PredictionFreshness, find_freshness, is_fetch_failing
from weatherapp.pages.newest import (
    read_newest_predictions,
    read_newest_readings,
    read_newest_requests,
)
from weatherapp.pages.outlook import Outlook, make_outlook
from weatherapp.pages.replay import Clocks

ALERTS_SHOWN = 4
PAST_HOURS = 3  # of measurements: the pressure's change


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
    readings = read_newest_readings(places, now=clocks.now)
    facts = read_facts(places, times, past_hours=PAST_HOURS)
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
                facts[place.pk],
                readings.get(place.pk),
            )
        )
    return tuple(lines)


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
